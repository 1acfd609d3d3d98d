import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Subject } from '../row.ts'
import { forward } from './forward.ts'

/** A network from its file until its weights are in the backend; then its first prediction. */
export function loading(load: () => Promise<LayersModel>, threads: number): Subject {
  let model: LayersModel | undefined
  let prediction: Subject | undefined
  return {
    threads,
    run: async () => {
      model?.dispose()
      model = await load()
    },
    next: async () => {
      prediction = forward(model!, { batch: 1, threads })
      await prediction.run()
    },
    output: async () => prediction?.output() ?? [],
  }
}
