import { type MapMethodName, mapMethods } from '@cnnkit/cam'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { noise } from '../networks/noise.ts'
import type { Subject } from '../row.ts'

/** How many channels the methods take that run the network for each. */
export const CHANNELS = 16

/** A map of a picture that is a tensor already, for a class that is given. */
export function map(model: LayersModel, name: MapMethodName, threads: number): Subject {
  const x = noise([1, ...(model.inputs[0]!.shape.slice(1) as number[])], 1) as Tensor4D
  let values: Float32Array | undefined
  return {
    threads,
    run: async () => {
      const [made] = await mapMethods[name].map(model, x, { target: 0, channels: CHANNELS })
      values = made!.values
    },
    output: async () => values ?? [],
  }
}
