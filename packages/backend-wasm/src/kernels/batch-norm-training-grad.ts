import { type BatchNormTrainingAttributes, BatchNormTrainingGrad } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Multiply, type TensorInfo } from '@tensorflow/tfjs-core'
import { inChunks } from '../memory/chunks.ts'
import { free, sizeOf, tensorOf } from '../memory/heap.ts'
import { affine } from './affine.ts'
import { values } from './batch-norm.ts'
import { columnSums } from './column-sums.ts'
import { nativeOf } from './native.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of batch norm in training, `@cnnkit/kernels`' kernel. With n rows and
 * z = (x - mean) / sqrt(variance + epsilon) it is dbeta = sum(dy), dgamma = sum(dy * z) and
 * dx = gamma / sqrt(variance + epsilon) * (dy - z * dgamma / n - dbeta / n).
 */
export const batchNormTrainingGrad: WasmKernel = {
  kernelName: BatchNormTrainingGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, x, gamma, mean, variance } = inputs as Record<'dy' | 'x' | 'gamma' | 'mean' | 'variance', TensorInfo>
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const channels = x.shape[x.shape.length - 1]!
    const rows = sizeOf(x.shape) / channels
    const scale = values(backend, variance).map((v) => 1 / Math.sqrt(v + epsilon))
    const means = values(backend, mean)
    const shift = scale.map((by, c) => -means[c]! * by)
    const { dgamma, dbeta } = sums(backend, { dy, x, rows, scale, shift })
    const factor = values(backend, gamma).map((by, c) => by * scale[c]!)
    const slope = factor.map((by, c) => (-by * dgamma[c]!) / rows)
    const dx = combined(backend, { dy, x, rows, scale, shift }, [
      factor,
      slope.map((by, c) => by * scale[c]!),
      slope.map((by, c) => by * shift[c]! - (factor[c]! * dbeta[c]!) / rows),
    ])
    return [dx, tensorOf(backend, [channels], dgamma), tensorOf(backend, [channels], dbeta)]
  },
}

interface Normalized {
  readonly dy: TensorInfo
  readonly x: TensorInfo
  /** x is `[rows, channels]`. */
  readonly rows: number
  /** z is `x * scale + shift`. */
  readonly scale: Float32Array
  readonly shift: Float32Array
}

function sums(
  backend: BackendWasm,
  { dy, x, rows, scale, shift }: Normalized,
): { dgamma: Float32Array; dbeta: Float32Array } {
  const channels = scale.length
  const dgamma = new Float64Array(channels)
  const dbeta = new Float64Array(channels)
  inChunks(backend, [dy, x], [rows, channels], ([gradient, input], count) => {
    const z = affine(backend, input!, [count, channels], scale, shift)
    const products = stock(backend, Multiply, { a: gradient!, b: z })
    columnSums(backend, products, [count, channels], dgamma)
    columnSums(backend, gradient!, [count, channels], dbeta)
    free(backend, z, products)
  })
  return { dgamma: Float32Array.from(dgamma), dbeta: Float32Array.from(dbeta) }
}

/** `dy * a + x * b + c` for each channel, of x's shape. */
function combined(
  backend: BackendWasm,
  { dy, x, rows }: Normalized,
  [a, b, c]: readonly [Float32Array, Float32Array, Float32Array],
): TensorInfo {
  const channels = a.length
  const none = new Float32Array(channels)
  const dx = backend.makeOutput(x.shape, 'float32')
  inChunks(backend, [dy, x, dx], [rows, channels], ([gradient, input, result], count) => {
    const left = affine(backend, gradient!, [count, channels], a, none)
    const right = affine(backend, input!, [count, channels], b, c)
    nativeOf(backend).add(left, right, result!)
    free(backend, left, right)
  })
  return dx
}
