import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { noise } from '../networks/noise.ts'
import type { Subject } from '../row.ts'

/** A prediction for a batch that is there already, until its scores can be read. */
export function forward(model: LayersModel, { batch, threads }: { batch: number; threads: number }): Subject {
  const x = noise([batch, ...(model.inputs[0]!.shape.slice(1) as number[])], 1)
  let scores: Float32Array | undefined
  return {
    threads,
    run: async () => {
      const y = model.predict(x) as Tensor
      scores = (await y.data()) as Float32Array
      y.dispose()
    },
    output: async () => scores ?? [],
  }
}
