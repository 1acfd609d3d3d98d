import { serialization } from '@tensorflow/tfjs-core'
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling.ts'
import { BatchNorm } from './batch-norm.ts'
import { Conv2D } from './conv2d.ts'
import { FusedConv2D } from './fused-conv2d.ts'
import { FusedDepthwiseConv2D } from './fused-depthwise-conv2d.ts'
import { GroupedConv2D } from './grouped-conv.ts'
import { LocalResponseNorm } from './local-response-norm.ts'
import { NearestVotes } from './nearest-votes.ts'
import { PaddedMaxPooling2D } from './padded-max-pooling.ts'
import { ReLU } from './relu.ts'
import { ScaleShift } from './scale-shift.ts'

/**
 * Makes saved models load with cnnkit's layers: {@link AdaptiveAveragePooling2D}, {@link GroupedConv2D}, {@link LocalResponseNorm},
 * {@link NearestVotes} and {@link PaddedMaxPooling2D}, which TensorFlow.js lacks, those that `fuse` puts in ({@link FusedConv2D},
 * {@link FusedDepthwiseConv2D}, {@link ScaleShift}), and from then on a {@link BatchNorm} wherever a saved model has a
 * `BatchNormalization`, a {@link Conv2D} for its `Conv2D` and a {@link ReLU} for its `ReLU`. Calling it again does nothing more.
 */
export function registerLayers(): void {
  for (const layer of [
    AdaptiveAveragePooling2D,
    BatchNorm,
    Conv2D,
    FusedConv2D,
    FusedDepthwiseConv2D,
    GroupedConv2D,
    LocalResponseNorm,
    NearestVotes,
    PaddedMaxPooling2D,
    ReLU,
    ScaleShift,
  ]) {
    serialization.registerClass(layer as unknown as Parameters<typeof serialization.registerClass>[0])
  }
}
