import type { BackendDriver } from '@cnnkit/kernels'
import { driver } from './driver.ts'
import type { WasmOptions } from './options.ts'
import { browser } from './start/browser.ts'

/** As in Node (see wasm.node.ts), started the way TensorFlow.js does in a page. */
export function wasm(options: WasmOptions = {}): BackendDriver {
  return driver(browser, options)
}
