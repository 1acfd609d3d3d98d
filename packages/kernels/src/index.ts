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
  FusedConv2DAdd,
  type FusedConv2DAddAttributes,
  type FusedConv2DAddInputs,
  fusedConv2dAdd,
} from './fused-conv2d-add.ts'
export { type ComposedForm, runFusedKernel, runKernel } from './kernel.ts'
export { type LocalResponseNormAttributes, localResponseNorm } from './local-response-norm.ts'
export { ScaleShift, type ScaleShiftAttributes, type ScaleShiftInputs, scaleShift } from './scale-shift.ts'
