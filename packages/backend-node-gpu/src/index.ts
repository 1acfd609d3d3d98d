export { type NodeGpuOptions, nodeGpu } from './driver.ts'
