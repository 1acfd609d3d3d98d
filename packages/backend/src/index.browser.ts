export type { BackendDriver, BackendReport } from '@cnnkit/kernels'
export { canTrain, type NetworkLike, type Trainability, type WeightLike } from './can-train.ts'
export { describeDiagnosis } from './doctor/describe-diagnosis.ts'
export type {
  BackendCheck,
  Diagnosis,
  DoctorOptions,
  Finding,
  FoundPackage,
  Machine,
} from './doctor/diagnosis.ts'
export { doctor } from './doctor/doctor.browser.ts'
export {
  type BackendSelection,
  type SelectBackendOptions,
  type SkippedBackend,
  selectBackend,
} from './select-backend.ts'
export { type SelfTestOptions, selfTest } from './self-test.ts'
