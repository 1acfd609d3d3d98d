export type { BackendDriver, BackendReport } from '@cnnkit/kernels'
export {
  type BackendSelection,
  type SelectBackendOptions,
  type SkippedBackend,
  selectBackend,
} from './select-backend.ts'
export { type SelfTestOptions, selfTest } from './self-test.ts'
