import {
  backend_util,
  MaxPoolGrad,
  pad as padded,
  slice,
  type Tensor,
  type Tensor4D,
  util,
} from '@tensorflow/tfjs-core'
import type { PoolAttributes } from '../missing-kernels/max-pool.ts'
import { hasOneDnn, oneDnnOp } from './onednn.ts'
import type { TensorflowBackend, TensorflowKernel } from './tensorflow.ts'

/**
 * By oneDNN, which notes where each largest value stood as it pools, so the pool is done once more for its notes. With that it is still 2 to 22
 * times as fast as what TensorFlow's operation comes to outside a graph (one thread of a Xeon; ResNet-20 and GoogLeNet). Of equal values the
 * first gets the gradient, as in TensorFlow's.
 */
export const maxPoolGrad: TensorflowKernel = {
  kernelName: MaxPoolGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, input: x } = inputs as Record<string, Tensor4D>
    if (x!.dtype !== 'float32' || !hasOneDnn(backend)) return undefined
    const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as PoolAttributes
    const info = backend_util.computePool2DInfo(x!.shape, filterSize, strides, 1, pad, dimRoundingMode)
    const { type, top, bottom, left, right } = info.padInfo
    const integers = {
      ksize: [1, info.filterHeight, info.filterWidth, 1],
      strides: [1, info.strideHeight, info.strideWidth, 1],
    }
    if (type === 'SAME' || type === 'VALID') return gradient(backend, x!, dy!, { integers, padding: type })
    // oneDNN's has no rows and columns of padding given as numbers.
    const border: [number, number][] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]
    const dx = gradient(backend, padded(x!, border, Number.NEGATIVE_INFINITY), dy!, { integers, padding: 'VALID' })
    return slice(dx, [0, top, left, 0], x!.shape)
  },
}

interface Pool {
  readonly integers: { readonly ksize: readonly number[]; readonly strides: readonly number[] }
  readonly padding: 'SAME' | 'VALID'
}

function gradient(backend: TensorflowBackend, x: Tensor, dy: Tensor, { integers, padding }: Pool): Tensor {
  const attributes = { integers, strings: { padding }, booleans: { workspace_enabled: true } }
  const [y, notes] = oneDnnOp(backend, '_MklNativeMaxPool', [x], attributes, 2)
  // oneDNN does not ask, and would read beyond the end.
  util.assertShapesMatch(dy.shape, y!.shape, 'The gradient of a max pool is not of the shape that the pool gives: ')
  return oneDnnOp(backend, '_MklNativeMaxPoolGrad', [x, y!, dy, notes!], attributes, 1)[0] as Tensor
}
