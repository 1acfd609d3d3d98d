import { type BatchNormTrainingAttributes, BatchNormTrainingGrad } from '@cnnkit/kernels'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { free, reshaped, sizeOf, tensorOf } from '../memory/heap.ts'
import { affine } from './affine.ts'
import { values } from './batch-norm.ts'
import { columnSums } from './column-sums.ts'
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
    const shape = [rows, channels] as const
    const deviation = values(backend, variance).map((v) => 1 / Math.sqrt(v + epsilon))
    const means = values(backend, mean)
    const z = affine(
      backend,
      x,
      shape,
      deviation,
      deviation.map((by, c) => -means[c]! * by),
    )
    const weighted = stock(backend, 'Multiply', { a: reshaped(dy, z.shape), b: z })
    const dgamma = Float32Array.from(columnSums(backend, weighted, shape))
    const dbeta = Float32Array.from(columnSums(backend, dy, shape))
    free(backend, weighted)
    const factor = values(backend, gamma).map((by, c) => by * deviation[c]!)
    const fromZ = affine(
      backend,
      z,
      shape,
      factor.map((by, c) => (-by * dgamma[c]!) / rows),
      factor.map((by, c) => (-by * dbeta[c]!) / rows),
    )
    free(backend, z)
    const fromDy = affine(backend, dy, shape, factor, new Float32Array(channels))
    const dx = stock(backend, 'Add', { a: fromDy, b: fromZ })
    free(backend, fromZ, fromDy)
    return [reshaped(dx, x.shape), tensorOf(backend, [channels], dgamma), tensorOf(backend, [channels], dbeta)]
  },
}
