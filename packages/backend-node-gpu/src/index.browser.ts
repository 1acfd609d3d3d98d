export { nodeGpu } from './driver.browser.ts'
export type { NodeGpuOptions } from './options.ts'
