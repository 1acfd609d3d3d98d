export { type AuxiliaryHeadOptions, auxiliaryHead } from './blocks/auxiliary-head.ts'
export {
  type Activation,
  activate,
  borderOf,
  type ConvNormOptions,
  type ConvolutionOptions,
  convActivation,
  convNorm,
  convolution,
  normAndActivation,
  type Padding,
  zeroPad,
} from './blocks/conv-norm.ts'
export {
  type DenseBlockOptions,
  type DenseLayerOptions,
  denseBlock,
  denseLayer,
  type TransitionOptions,
  transition,
} from './blocks/dense.ts'
export { type FullyConnectedHeadOptions, fullyConnectedHead } from './blocks/fully-connected-head.ts'
export {
  type ClassifierOptions,
  classifier,
  drop,
  globalPool,
  type LogitsOptions,
  logits,
  type ScoreActivation,
  scores,
} from './blocks/head.ts'
export {
  type Branches,
  type BranchStep,
  type ConvolutionUnit,
  factorized,
  type GridReductionOptions,
  gridReduction,
  type InceptionOptions,
  inception,
  type ModuleFilters,
  naiveBranches,
  type PoolStep,
  reduced,
  reducedBranches,
  type SplitStep,
} from './blocks/inception.ts'
export { type InvertedResidualOptions, invertedResidual } from './blocks/inverted-residual.ts'
export { normalCell, type ReductionCellOptions, reductionCell } from './blocks/nasnet-cell.ts'
export type { NormalCellOptions } from './blocks/nasnet-inputs.ts'
export { type PoolOptions, pool, roundUp } from './blocks/pool.ts'
export {
  basic,
  bottleneck,
  type PlainOptions,
  type PreactivationOptions,
  plain,
  preactivation,
  type ResidualOptions,
} from './blocks/residual.ts'
export {
  type DepthwiseOptions,
  depthwise,
  type SeparableConvolutionOptions,
  type SeparableOptions,
  separable,
  separableConvolution,
} from './blocks/separable.ts'
export { type Card, type CardWeights, cardOf, type Preprocessing, setCard } from './card.ts'
export { type Cost, costOf, type LayerCost } from './cost/cost-of.ts'
export { outputSize } from './cost/output-size.ts'
export type { ReceptiveField } from './cost/receptive-field.ts'
export { dropFused, type FuseOptions, fuse, fusedStretch, fusedUpTo } from './fuse/fuse.ts'
export { type GapHeadOptions, lastGrid, replaceHead, withGapHead } from './gap-head.ts'
export type { Step } from './graph.ts'
export {
  AdaptiveAveragePooling2D,
  type AdaptiveAveragePooling2DArgs,
  adaptiveAveragePooling2d,
} from './layers/adaptive-average-pooling.ts'
export { BatchNorm, type BatchNormArgs, batchNorm } from './layers/batch-norm.ts'
export type { Border } from './layers/border.ts'
export { Conv2D, conv2d } from './layers/conv2d.ts'
export { FusedConv2D, type FusedConv2DArgs, fusedConv2d } from './layers/fused-conv2d.ts'
export {
  FusedDepthwiseConv2D,
  type FusedDepthwiseConv2DArgs,
  fusedDepthwiseConv2d,
} from './layers/fused-depthwise-conv2d.ts'
export { GroupedConv2D, type GroupedConv2DArgs, groupedConv2d } from './layers/grouped-conv.ts'
export { LocalResponseNorm, type LocalResponseNormArgs, localResponseNorm } from './layers/local-response-norm.ts'
export { NearestVotes, type NearestVotesArgs, nearestVotes } from './layers/nearest-votes.ts'
export { PaddedMaxPooling2D, type PaddedMaxPooling2DArgs, paddedMaxPooling2d } from './layers/padded-max-pooling.ts'
export { registerLayers } from './layers/register-layers.ts'
export { ReLU, type ReLUArgs, reLU } from './layers/relu.ts'
export { ScaleShift, type ScaleShiftArgs, scaleShift } from './layers/scale-shift.ts'
export type { Conv2DArgs, DepthwiseConv2DArgs } from './layers/stock-conv.ts'
export { endpoint, inputsOf, layersAt, layersFrom, outputOf, type Stage, stages, type Where } from './path.ts'
export { frozenPrefixEnd, runStretch, type Stretch, stretch } from './run.ts'
export {
  type Flavor,
  type Initializer,
  type KernelInitializer,
  type RootScopeOptions,
  rootScope,
  type Scope,
} from './scope.ts'
