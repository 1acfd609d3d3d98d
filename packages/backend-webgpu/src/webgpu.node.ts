import type { BackendDriver } from '@cnnkit/kernels'
import { driver } from './driver.ts'
import type { WebgpuOptions } from './options.ts'
import { node } from './start/node.ts'

/**
 * TensorFlow.js on the GPU through WebGPU: in browsers their own, in Node Dawn of the package `webgpu`, on Vulkan, Metal or
 * Direct3D 12, with no CUDA.
 *
 * `await webgpu().start()` registers it under TensorFlow.js' name `webgpu` and makes it current. It does not keep a process alive.
 *
 * @returns a driver whose `start` throws `UNAVAILABLE` where there is no GPU, or none but software, `BACKEND_IN_USE` where tensors
 * already live on a backend `webgpu` that was started otherwise, `NO_DEVICE` and `START_FAILED` where it does not run. Kernels
 * and reads throw `DEVICE_LOST`, `OUT_OF_MEMORY` and `GPU_ERROR`, and in Node `SYNC_READ` for a `dataSync`
 */
export function webgpu(options: WebgpuOptions = {}): BackendDriver {
  return driver(node, options)
}
