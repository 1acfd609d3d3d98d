import { serialization } from '@tensorflow/tfjs-core'
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling.ts'
import { BatchNorm } from './batch-norm.ts'
import { GroupedConv2D } from './grouped-conv.ts'
import { LocalResponseNorm } from './local-response-norm.ts'
import { NearestVotes } from './nearest-votes.ts'
import { PaddedMaxPooling2D } from './padded-max-pooling.ts'

/**
 * Makes saved models load with cnnkit's layers: {@link AdaptiveAveragePooling2D}, {@link GroupedConv2D}, {@link LocalResponseNorm},
 * {@link NearestVotes} and {@link PaddedMaxPooling2D}, which TensorFlow.js lacks, and from then on a {@link BatchNorm} wherever a saved model has a `BatchNormalization`. Calling it again does
 * nothing more.
 */
export function registerLayers(): void {
  for (const layer of [
    AdaptiveAveragePooling2D,
    BatchNorm,
    GroupedConv2D,
    LocalResponseNorm,
    NearestVotes,
    PaddedMaxPooling2D,
  ]) {
    serialization.registerClass(layer as unknown as Parameters<typeof serialization.registerClass>[0])
  }
}
