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
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, mean, variance, offset, scale } = inputs as Record<'x' | 'mean' | 'variance', TensorInfo> & {
      offset?: TensorInfo
      scale?: TensorInfo
    }
    const { varianceEpsilon } = attributes as { varianceEpsilon: number }
    const channels = x.shape[x.shape.length - 1] ?? 1
    const size = sizeOf(x.shape)
    const parameters = [mean, variance, offset, scale]
    const perChannel = parameters.every((p) => p === undefined || (p.shape.length === 1 && p.shape[0] === channels))
    if (!perChannel || size === 0) return stock(backend, FusedBatchNorm, inputs, attributes)
    const [means, variances, offsets, scales] = parameters.map((p) =>
      p === undefined ? undefined : values(backend, p),
    )
    const factor = new Float32Array(channels)
    const shift = new Float32Array(channels)
    for (let c = 0; c < channels; c++) {
      const by = (scales?.[c] ?? 1) / Math.sqrt(variances![c]! + varianceEpsilon)
      factor[c] = by
      shift[c] = (offsets?.[c] ?? 0) - means![c]! * by
    }
    return reshaped(affine(backend, x, [size / channels, channels], factor, shift), x.shape)
  },
}

/** A copy of a small float32 tensor's values. */
export function values(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  const at = offsetOf(backend, tensor)
  return heapOf(backend).slice(at, at + sizeOf(tensor.shape))
}
