export {
  ClipByValueGrad,
  type ClipByValueGradAttributes,
  type ClipByValueGradInputs,
  clipByValueGrad,
  Relu6Grad,
  ReluGrad,
  type ReluGradInputs,
  relu6Grad,
  reluGrad,
} from './activation-grads.ts'
export { correctAvgPoolGrad } from './avg-pool-grad.ts'
export type { BackendDriver, BackendReport } from './backend-driver.ts'
export {
  BatchNormTraining,
  type BatchNormTrainingAttributes,
  BatchNormTrainingGrad,
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
  type BatchNormTrainingResult,
  batchNormTraining,
} from './batch-norm-training.ts'
export {
  type FusedActivation,
  type FusedConv2DAttributes,
  type FusedConv2DInputs,
  fusedConv2d,
} from './fused-conv2d.ts'
export { FusedConv2DAdd, type FusedConv2DAddInputs, fusedConv2dAdd } from './fused-conv2d-add.ts'
export { installGradients } from './gradients.ts'
export {
  FusedGroupedConv2D,
  type FusedGroupedConv2DAttributes,
  type FusedGroupedConv2DInputs,
  fusedGroupedConv2d,
} from './grouped-conv2d.ts'
export { type ComposedForm, runFusedKernel, runKernel } from './kernel.ts'
export { type LocalResponseNormAttributes, localResponseNorm } from './local-response-norm.ts'
export {
  MovingAverage,
  type MovingAverageAttributes,
  type MovingAverageInputs,
  movingAverage,
} from './moving-average.ts'
export {
  AdamUpdate,
  type AdamUpdateAttributes,
  type AdamUpdateInputs,
  adamUpdate,
  RmsPropUpdate,
  type RmsPropUpdateAttributes,
  type RmsPropUpdateInputs,
  rmsPropUpdate,
  SgdUpdate,
  type SgdUpdateAttributes,
  type SgdUpdateInputs,
  sgdUpdate,
  type UpdateAttributes,
  type UpdateInputs,
} from './optimizer-updates.ts'
export { ScaleShift, type ScaleShiftAttributes, type ScaleShiftInputs, scaleShift } from './scale-shift.ts'
