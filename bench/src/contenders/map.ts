import {
  ablationCam,
  type BatchOptions,
  type ChannelOptions,
  cam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  guidedBackprop,
  hiResCam,
  layerCam,
  type MapFunction,
  randomCam,
  scoreCam,
  smoothGradCamPlusPlus,
  xGradCam,
} from '@cnnkit/cam'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { noise } from '../networks/noise.ts'
import type { Subject } from '../row.ts'

/** The name of a method. */
export type MethodName =
  | 'grad-cam'
  | 'cam'
  | 'grad-cam++'
  | 'hires-cam'
  | 'x-grad-cam'
  | 'layer-cam'
  | 'eigen-cam'
  | 'guided-backprop'
  | 'smooth-grad-cam++'
  | 'ablation-cam'
  | 'score-cam'
  | 'random'

/** The methods that are timed. */
export const methods: Readonly<Record<MethodName, MapFunction<ChannelOptions & BatchOptions>>> = {
  'grad-cam': gradCam,
  cam,
  'grad-cam++': gradCamPlusPlus,
  'hires-cam': hiResCam,
  'x-grad-cam': xGradCam,
  'layer-cam': layerCam,
  'eigen-cam': eigenCam,
  'guided-backprop': guidedBackprop,
  'smooth-grad-cam++': smoothGradCamPlusPlus,
  'ablation-cam': ablationCam,
  'score-cam': scoreCam,
  random: randomCam,
}

/** How many channels the methods take that run the network for each. */
export const CHANNELS = 64

/** A map of a picture that is a tensor already, for a class that is given. */
export function map(model: LayersModel, name: MethodName, threads: number): Subject {
  const x = noise([1, ...(model.inputs[0]!.shape.slice(1) as number[])], 1) as Tensor4D
  const method: MapFunction<ChannelOptions> = methods[name]
  let values: Float32Array | undefined
  return {
    threads,
    run: async () => {
      const [made] = await method(model, x, { target: 0, channels: CHANNELS })
      values = made!.values
    },
    output: async () => values ?? [],
  }
}
