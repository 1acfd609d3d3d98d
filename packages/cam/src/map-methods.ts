import { ablationCam } from './methods/ablation-cam.ts'
import { cam } from './methods/cam.ts'
import type { ChannelOptions } from './methods/channels.ts'
import { eigenCam } from './methods/eigen-cam.ts'
import { gradCam } from './methods/grad-cam.ts'
import { gradCamPlusPlus } from './methods/grad-cam-plus-plus.ts'
import { guidedBackprop } from './methods/guided-backprop.ts'
import { hiResCam } from './methods/hires-cam.ts'
import { layerCam } from './methods/layer-cam.ts'
import { randomCam } from './methods/random-cam.ts'
import { scoreCam } from './methods/score-cam.ts'
import { type SmoothGradCamOptions, smoothGradCamPlusPlus } from './methods/smooth-grad-cam-plus-plus.ts'
import { xGradCam } from './methods/x-grad-cam.ts'
import type { MapFunction } from './procedure.ts'

/** What a method is called: in tables, on the command line, in a map's `method`. */
export type MapMethodName =
  | 'grad-cam'
  | 'grad-cam++'
  | 'hires-cam'
  | 'x-grad-cam'
  | 'layer-cam'
  | 'cam'
  | 'eigen-cam'
  | 'guided-backprop'
  | 'smooth-grad-cam++'
  | 'ablation-cam'
  | 'score-cam'
  | 'random'

/** Options of whichever method: each takes those that it knows and leaves the others. */
export interface AnyMethodOptions extends ChannelOptions, SmoothGradCamOptions {}

/** A method by its name: what to call, and what a map costs. */
export interface MapMethod {
  /** The method itself: `mapMethods['grad-cam'].map` is `gradCam`. */
  readonly map: MapFunction<AnyMethodOptions>
  /** How often the network, or what follows the layer, runs for one picture: `once`, or for each of `samples` noisy versions or `channels`. */
  readonly runs: 'once' | 'samples' | 'channels'
  /** How far back a gradient is taken on each of these runs: not at all, to the layer that is read, or to the `input`. */
  readonly gradient: 'none' | 'layer' | 'input'
}

/**
 * Every method by its name, those that run the network once before those that run it often, and the random baseline last.
 *
 * ```ts
 * for (const [name, { map }] of Object.entries(mapMethods)) console.log(name, await map(model, picture, { channels: 64 }))
 * ```
 */
export const mapMethods: Readonly<Record<MapMethodName, MapMethod>> = {
  'grad-cam': { map: gradCam, runs: 'once', gradient: 'layer' },
  'grad-cam++': { map: gradCamPlusPlus, runs: 'once', gradient: 'layer' },
  'hires-cam': { map: hiResCam, runs: 'once', gradient: 'layer' },
  'x-grad-cam': { map: xGradCam, runs: 'once', gradient: 'layer' },
  'layer-cam': { map: layerCam, runs: 'once', gradient: 'layer' },
  cam: { map: cam, runs: 'once', gradient: 'none' },
  'eigen-cam': { map: eigenCam, runs: 'once', gradient: 'none' },
  'guided-backprop': { map: guidedBackprop, runs: 'once', gradient: 'input' },
  'smooth-grad-cam++': { map: smoothGradCamPlusPlus, runs: 'samples', gradient: 'layer' },
  'ablation-cam': { map: ablationCam, runs: 'channels', gradient: 'none' },
  'score-cam': { map: scoreCam, runs: 'channels', gradient: 'none' },
  random: { map: randomCam, runs: 'once', gradient: 'none' },
}
