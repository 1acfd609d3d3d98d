import { serialization } from '@tensorflow/tfjs-core'
import { BatchNorm } from './batch-norm.ts'

/**
 * Makes saved models load with cnnkit's layers: from then on TensorFlow.js builds a {@link BatchNorm} wherever a saved
 * model has a `BatchNormalization`. Calling it again does nothing more.
 */
export function registerLayers(): void {
  serialization.registerClass(BatchNorm as unknown as Parameters<typeof serialization.registerClass>[0])
}
