import { MovingAverage, type MovingAverageAttributes } from '@cnnkit/kernels'
import { scalar } from '@tensorflow/tfjs-core'
import { floatOp, type TensorflowKernel } from './tensorflow.ts'

/** The composed form by TensorFlow's operations themselves: what TensorFlow.js does around each takes longer than it takes on a statistic. */
export const movingAverage: TensorflowKernel = {
  kernelName: MovingAverage,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { kept, taken } = attributes as unknown as MovingAverageAttributes
    const old = floatOp(backend, 'Mul', inputs.average!, scalar(kept))
    return floatOp(backend, 'AddV2', old, floatOp(backend, 'Mul', inputs.value!, scalar(taken)))
  },
}
