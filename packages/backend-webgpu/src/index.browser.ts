export type { LostDevice, WebgpuOptions } from './options.ts'
export { type WarmInput, type WarmModel, type WarmOptions, type WarmUp, warm } from './warm.ts'
export { webgpu } from './webgpu.browser.ts'
