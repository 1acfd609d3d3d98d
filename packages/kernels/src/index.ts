export type { BackendDriver, BackendReport } from './backend-driver.ts'
