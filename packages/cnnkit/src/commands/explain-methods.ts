import {
  type ActivationMap,
  ablationCam,
  type ChannelOptions,
  cam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  guidedBackprop,
  hiResCam,
  layerCam,
  randomCam,
  scoreCam,
  smoothGradCamPlusPlus,
  xGradCam,
} from '@cnnkit/cam'
import type { Picture } from '@cnnkit/images'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { UsageError } from '../command.ts'

/** A method as the command line calls it; those that run the network once take no notice of channels, progress and signal. */
export type ExplainMethod = (model: LayersModel, picture: Picture, options: ChannelOptions) => Promise<ActivationMap>

/** The methods by the names they are called by, quick ones first. */
export const methods: ReadonlyMap<string, ExplainMethod> = new Map<string, ExplainMethod>([
  ['grad-cam', gradCam],
  ['grad-cam++', gradCamPlusPlus],
  ['hires-cam', hiResCam],
  ['x-grad-cam', xGradCam],
  ['layer-cam', layerCam],
  ['cam', cam],
  ['eigen-cam', eigenCam],
  ['guided-backprop', guidedBackprop],
  ['smooth-grad-cam++', smoothGradCamPlusPlus],
  ['ablation-cam', ablationCam],
  ['score-cam', scoreCam],
  ['random', randomCam],
])

/** A method's name as it was typed: `LayerCAM`, `layercam` and `layer-cam` are one. */
export function methodName(text: string): string {
  const bare = (name: string): string => name.toLowerCase().replace(/[^a-z+]/g, '')
  const name = [...methods.keys()].find((known) => bare(known) === bare(text))
  if (name) return name
  throw new UsageError(`No method "${text}". There are: ${[...methods.keys()].join(', ')}.`)
}
