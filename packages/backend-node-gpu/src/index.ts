export { nodeGpu } from './driver.ts'
export type { NodeGpuOptions } from './options.ts'
