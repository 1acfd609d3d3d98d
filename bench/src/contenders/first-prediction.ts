import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { noise } from '../networks/noise.ts'
import type { Subject } from '../row.ts'

/**
 * The first prediction of a network, with all that is compiled for it; then the second. Says on stderr how many shaders that were.
 *
 * @param before what is done ahead of it, and is timed too
 */
export function firstPrediction(model: LayersModel, shaders: () => number, before?: () => Promise<unknown>): Subject {
  const x = noise([1, ...(model.inputs[0]!.shape.slice(1) as number[])], 1)
  let scores: Float32Array | undefined
  const predict = async (): Promise<void> => {
    const y = model.predict(x) as Tensor
    scores = (await y.data()) as Float32Array
    y.dispose()
  }
  return {
    threads: 1,
    run: async () => {
      await before?.()
      await predict()
      process.stderr.write(`Shaders: ${shaders()}\n`)
    },
    next: predict,
    output: async () => scores ?? [],
  }
}
