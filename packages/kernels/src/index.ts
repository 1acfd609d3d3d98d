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
export { type ComposedForm, runKernel } from './kernel.ts'
export { type LocalResponseNormAttributes, localResponseNorm } from './local-response-norm.ts'
