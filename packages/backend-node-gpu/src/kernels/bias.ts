import { Sum, util } from '@tensorflow/tfjs-core'
import { runOp, type TensorflowKernel } from './tensorflow.ts'

/**
 * A sum over all axes but the last, as the gradient of a bias is one, by the operation that TensorFlow has for that: 4 to 8 times as fast as
 * its general sum (measured on the CPU, grids of ResNet-50).
 */
export const sum: TensorflowKernel = {
  kernelName: Sum,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x } = inputs as { x: NonNullable<(typeof inputs)[string]> }
    const { axis, keepDims } = attributes as { axis: number | number[]; keepDims?: boolean }
    const axes = util.parseAxisParam(axis, x.shape)
    const last = x.shape.length - 1
    if (x.dtype !== 'float32' || keepDims || last < 1 || axes.length !== last || axes.includes(last)) return undefined
    const attributesOfOp = { types: { T: 'float32' }, strings: { data_format: 'NHWC' } } as const
    return runOp(backend, 'BiasAddGrad', [x], attributesOfOp, 1)[0]
  },
}
