import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { getKernel, type KernelConfig, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core'

/** A kernel of ours for the backend `wasm`. It runs in place of TensorFlow.js' own where there is one. */
export interface WasmKernel {
  readonly kernelName: string
  /** Takes and gives tensors by their data; it disposes of what it makes on the way. */
  readonly kernelFunc: (call: {
    readonly backend: BackendWasm
    readonly inputs: Readonly<Record<string, TensorInfo>>
    readonly attributes: Readonly<Record<string, unknown>>
  }) => TensorInfo | TensorInfo[]
}

/** TensorFlow.js' own kernels that ours took the place of, by name. */
export const replaced: Map<string, KernelConfig> = new Map()

/**
 * Runs TensorFlow.js' own wasm kernel, also where ours took its place. The caller disposes of the result.
 *
 * @param name as in TensorFlow.js: `Conv2D`
 */
export function stock(
  backend: BackendWasm,
  name: string,
  inputs: Readonly<Record<string, TensorInfo | undefined>>,
  attributes: object = {},
): TensorInfo {
  const config = replaced.get(name) ?? getKernel(name, 'wasm')
  const run = config.kernelFunc as KernelFunc
  return run({ backend, inputs: inputs as never, attrs: attributes as never }) as TensorInfo
}
