import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/** A kernel of TensorFlow.js. */
export type StockKernel = (
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
) => TensorInfo | TensorInfo[]

/** A kernel of ours for the backend `webgpu`. It runs in place of TensorFlow.js' own where there is one. */
export interface WebgpuKernel {
  readonly kernelName: string
  /** Takes and gives tensors by their data; it disposes of what it makes on the way. */
  readonly kernelFunc: (call: {
    readonly backend: WebGPUBackend
    readonly inputs: Readonly<Record<string, TensorInfo>>
    readonly attributes: Readonly<Record<string, unknown>>
    /** TensorFlow.js' own, where there is one. */
    readonly stock: StockKernel | undefined
  }) => TensorInfo | TensorInfo[]
}
