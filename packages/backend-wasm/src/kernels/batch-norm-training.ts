import { BatchNormTraining, type BatchNormTrainingAttributes } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { inChunks } from '../memory/chunks.ts'
import { free, reshaped, sizeOf, tensorOf } from '../memory/heap.ts'
import { affine, repeated, widening } from './affine.ts'
import { values } from './batch-norm.ts'
import { columnSums } from './column-sums.ts'
import { stock, type WasmKernel } from './stock.ts'

/** Batch norm by the statistics of the batch, `@cnnkit/kernels`' kernel, in four passes over x. */
export const batchNormTraining: WasmKernel = {
  kernelName: BatchNormTraining,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', TensorInfo>
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const channels = x.shape[x.shape.length - 1]!
    const rows = sizeOf(x.shape) / channels
    const mean = Float32Array.from(columnSums(backend, x, [rows, channels]), (sum) => sum / rows)
    const variance = varianceOf(backend, x, [rows, channels], mean)
    const [gammas, betas] = [values(backend, gamma), values(backend, beta)]
    const scale = gammas.map((factor, c) => factor / Math.sqrt(variance[c]! + epsilon))
    const shift = betas.map((offset, c) => offset - mean[c]! * scale[c]!)
    const y = affine(backend, x, [rows, channels], scale, shift)
    return [reshaped(y, x.shape), tensorOf(backend, [channels], mean), tensorOf(backend, [channels], variance)]
  },
}

/** The population variance a channel. */
function varianceOf(
  backend: BackendWasm,
  x: TensorInfo,
  [rows, channels]: readonly [number, number],
  mean: Float32Array,
): Float32Array {
  const sums = new Float64Array(channels)
  inChunks(backend, [x], [rows, channels], ([piece], count) => {
    const times = widening(count, channels)
    const center = tensorOf(backend, [channels * times], repeated(mean, times))
    const wide = reshaped(piece!, [count / times, channels * times])
    const squares = stock(backend, 'SquaredDifference', { a: wide, b: center })
    columnSums(backend, squares, [count, channels], sums)
    free(backend, center, squares)
  })
  return Float32Array.from(sums, (sum) => sum / rows)
}
