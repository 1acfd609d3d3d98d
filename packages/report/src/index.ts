export { accuracyComparisonSvg, type ComparedRun } from './charts/accuracy-comparison.ts'
export { confusionSvg } from './charts/confusion.ts'
export type { CurveMetric } from './charts/curve-metrics.ts'
export { curvesSvg } from './charts/curves.ts'
export type { ChartOptions } from './charts/drawing.ts'
export { type LrFindCurve, type LrFindPoint, lrFindSvg } from './charts/lr-find.ts'
export { type ComparedNetwork, networkBubblesSvg } from './charts/network-bubbles.ts'
export type { ChartTheme } from './charts/palette.ts'
export { calibrationSvg } from './charts/reliability.ts'
export { renderReport } from './render-report.ts'
export type {
  ClassProbability,
  Example,
  Fact,
  Mistake,
  Report,
  ReportPicture,
  Run,
  TrainingCurve,
  TrainingEpoch,
} from './report.ts'
export type { CalibrationBin } from './statistics/calibration.ts'
export type { ClassScore, ConfusionMatrix } from './statistics/confusion-matrix.ts'
