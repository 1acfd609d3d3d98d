import { Relu6Grad, ReluGrad } from '@cnnkit/kernels'
import { ClipByValue, scalar } from '@tensorflow/tfjs-core'
import { floatOp, type TensorflowKernel } from './tensorflow.ts'

/** TensorFlow's own, which takes what ReLU gave as well as what it took. */
export const reluGrad: TensorflowKernel = {
  kernelName: ReluGrad,
  kernelFunc: ({ backend, inputs }) => floatOp(backend, 'ReluGrad', inputs.dy!, inputs.y!),
}

/** TensorFlow's own, as above. */
export const relu6Grad: TensorflowKernel = {
  kernelName: Relu6Grad,
  kernelFunc: ({ backend, inputs }) => floatOp(backend, 'Relu6Grad', inputs.dy!, inputs.y!),
}

/** One pass; tfjs-node takes the minimum and then the maximum. */
export const clipByValue: TensorflowKernel = {
  kernelName: ClipByValue,
  kernelFunc: ({ backend, inputs, attributes }) => {
    if (inputs.x!.dtype !== 'float32') return undefined
    const { clipValueMin, clipValueMax } = attributes as { clipValueMin: number; clipValueMax: number }
    return floatOp(backend, 'ClipByValue', inputs.x!, scalar(clipValueMin), scalar(clipValueMax))
  },
}
