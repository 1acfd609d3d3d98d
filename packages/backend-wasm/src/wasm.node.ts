import type { BackendDriver } from '@cnnkit/kernels'
import { driver } from './driver.ts'
import type { WasmOptions } from './options.ts'
import { node } from './start/node.ts'

/**
 * TensorFlow.js on the CPU through WebAssembly, with SIMD, threads, and the kernels that training needs.
 *
 * `await wasm().start()` registers it under TensorFlow.js' name `wasm` and makes it current. Threads end with the process
 * and do not keep it alive.
 *
 * @returns a driver whose `start` throws `BACKEND_IN_USE` where tensors already live on a backend `wasm` that was started
 * otherwise, `MODULE_NOT_FOUND` where the binaries are not found, `START_FAILED` where they do not run
 */
export function wasm(options: WasmOptions = {}): BackendDriver {
  return driver(node, options)
}
