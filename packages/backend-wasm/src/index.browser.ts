export type { WasmFile, WasmOptions } from './options.ts'
export { wasm } from './wasm.browser.ts'
