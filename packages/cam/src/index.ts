export { type ActivationMap, scaleMap, type ValueGrid } from './activation-map.ts'
export type { ColorMap } from './color-map.ts'
export {
  type ComparedMethod,
  type ComparedPicture,
  type CompareOptions,
  compareMethods,
  type MapMetric,
  type MethodScores,
} from './compare-methods.ts'
export { type LocalizeOptions, localize, peakOf, type Region } from './localize.ts'
export type { Threshold } from './localize-threshold.ts'
export type { Evidence, Gradients, Method, MethodBase } from './method.ts'
export { gradCam } from './methods/grad-cam.ts'
export type { Baseline } from './metrics/blur.ts'
export { bestIou, iou, localizationError, pointsAt } from './metrics/boxes.ts'
export { type ConfidenceChange, confidenceChange } from './metrics/confidence.ts'
export { deletion, insertion, type PixelOptions, type ScoreCurve } from './metrics/deletion.ts'
export type { MetricOptions } from './metrics/judged.ts'
export { type RoadOptions, type RoadScores, road } from './metrics/road.ts'
export { type OverlayOptions, overlay } from './overlay.ts'
export { type MapFunction, type MapOptions, mapsBy } from './procedure.ts'
export type { Target } from './target.ts'
