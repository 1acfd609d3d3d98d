import type { BackendDriver } from '@cnnkit/kernels'
import { driver } from './driver.ts'
import type { WebgpuOptions } from './options.ts'
import { browser } from './start/browser.ts'

/** As in Node (see webgpu.node.ts), on the WebGPU of the browser. */
export function webgpu(options: WebgpuOptions = {}): BackendDriver {
  return driver(browser, options)
}
