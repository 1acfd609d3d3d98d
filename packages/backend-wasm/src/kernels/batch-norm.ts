import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { FusedBatchNorm, type TensorInfo } from '@tensorflow/tfjs-core'
import { heapOf, offsetOf, reshaped, sizeOf } from '../memory/heap.ts'
import { affine } from './affine.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * Batch norm in inference, in place of TensorFlow.js' own, which takes ten times as long: one multiplication and one
 * addition a value.
 */
export const batchNorm: WasmKernel = {
  kernelName: FusedBatchNorm,
  kernelFunc: (call) => {
    const { backend, inputs, attributes } = call
    const x = inputs.x!
    const size = sizeOf(x.shape)
    const factors = size === 0 ? undefined : factorsOf(call)
    if (factors === undefined) return stock(backend, FusedBatchNorm, inputs, attributes)
    const channels = factors.scale.length
    return reshaped(affine(backend, x, [size / channels, channels], factors.scale, factors.shift), x.shape)
  },
}

/** What a batch norm multiplies with and adds, a channel; undefined where its parameters are not one a channel. */
export function factorsOf({
  backend,
  inputs,
  attributes,
}: Parameters<WasmKernel['kernelFunc']>[0]): { scale: Float32Array; shift: Float32Array } | undefined {
  const { x, mean, variance, offset, scale } = inputs as Record<'x' | 'mean' | 'variance', TensorInfo> & {
    offset?: TensorInfo
    scale?: TensorInfo
  }
  const { varianceEpsilon } = attributes as { varianceEpsilon: number }
  const channels = x.shape[x.shape.length - 1] ?? 1
  const parameters = [mean, variance, offset, scale]
  const perChannel = parameters.every((p) => p === undefined || (p.shape.length === 1 && p.shape[0] === channels))
  if (!perChannel) return undefined
  const [means, variances, offsets, scales] = parameters.map((p) => (p === undefined ? undefined : values(backend, p)))
  const factor = new Float32Array(channels)
  const shift = new Float32Array(channels)
  for (let c = 0; c < channels; c++) {
    const by = (scales?.[c] ?? 1) / Math.sqrt(variances![c]! + varianceEpsilon)
    factor[c] = by
    shift[c] = (offsets?.[c] ?? 0) - means![c]! * by
  }
  return { scale: factor, shift }
}

/** A copy of a small float32 tensor's values. */
export function values(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  const at = offsetOf(backend, tensor)
  return heapOf(backend).slice(at, at + sizeOf(tensor.shape))
}
