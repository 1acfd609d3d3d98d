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
export { type AnyMethodOptions, type MapMethod, type MapMethodName, mapMethods } from './map-methods.ts'
export type { Evidence, Gradients, Method, MethodBase } from './method.ts'
export { ablationCam } from './methods/ablation-cam.ts'
export { cam } from './methods/cam.ts'
export type { ChannelOptions } from './methods/channels.ts'
export { eigenCam } from './methods/eigen-cam.ts'
export { gradCam } from './methods/grad-cam.ts'
export { gradCamPlusPlus } from './methods/grad-cam-plus-plus.ts'
export { guidedBackprop } from './methods/guided-backprop.ts'
export { hiResCam } from './methods/hires-cam.ts'
export type { BatchOptions, MapProgress } from './methods/in-batches.ts'
export { layerCam } from './methods/layer-cam.ts'
export { type RandomCamOptions, randomCam } from './methods/random-cam.ts'
export { scoreCam } from './methods/score-cam.ts'
export { type SmoothGradCamOptions, smoothGradCamPlusPlus } from './methods/smooth-grad-cam-plus-plus.ts'
export { xGradCam } from './methods/x-grad-cam.ts'
export type { Baseline } from './metrics/blur.ts'
export { bestIou, iou, localizationError, pointsAt } from './metrics/boxes.ts'
export { type ConfidenceChange, confidenceChange } from './metrics/confidence.ts'
export { deletion, insertion, type PixelOptions, type ScoreCurve } from './metrics/deletion.ts'
export type { MetricOptions } from './metrics/judged.ts'
export { type RoadOptions, type RoadScores, road } from './metrics/road.ts'
export { type OverlayOptions, overlay } from './overlay.ts'
export { type OverlaySvgOptions, overlaySvg } from './overlay-svg.ts'
export { type MapFunction, type MapOptions, mapsBy } from './procedure.ts'
export { type SheetCell, type SheetOptions, sheetSvg } from './sheet.ts'
export type { Target } from './target.ts'
