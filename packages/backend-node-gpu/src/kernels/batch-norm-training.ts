import {
  BatchNormTraining,
  type BatchNormTrainingAttributes,
  BatchNormTrainingGrad,
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
} from '@cnnkit/kernels'
import { add, reshape, rsqrt, scalar, type Tensor, type Tensor1D, tensor1d, zerosLike } from '@tensorflow/tfjs-core'
import { floatOp, runOp, type TensorflowBackend, type TensorflowKernel } from './tensorflow.ts'

// The second version of TensorFlow's operation: the third hands cuDNN's workspace from one pass to the other as well, and a kernel's meaning
// has no place for that. On the CPU both are one.
const forward = 'FusedBatchNormV2'
const backward = 'FusedBatchNormGradV2'

/** TensorFlow's own batch norm, with its variance brought back to the population's: it gives that times n / (n - 1). */
export const batchNormTraining: TensorflowKernel = {
  kernelName: BatchNormTraining,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, gamma, beta } = inputs as unknown as BatchNormTrainingInputs
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const none = tensor1d([], 'float32')
    const grid = asGrid(x)
    const [y, mean, sampled] = run(backend, forward, [grid, gamma, beta, none, none], epsilon)
    const n = x.size / gamma.size
    const variance = n === 1 ? zerosLike(sampled!) : floatOp(backend, 'Mul', sampled!, scalar((n - 1) / n))
    return [asIn(x, y!), mean!, variance]
  },
}

/** TensorFlow's own gradient of batch norm. */
export const batchNormTrainingGrad: TensorflowKernel = {
  kernelName: BatchNormTrainingGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, x, gamma, mean, variance } = inputs as unknown as BatchNormTrainingGradInputs
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const spread = backend.isUsingGpuDevice ? inverseDeviation(variance, epsilon) : variance
    const [dx, dgamma, dbeta] = run(backend, backward, [asGrid(dy), asGrid(x), gamma, mean, spread], epsilon)
    return [asIn(x, dx!), dgamma!, dbeta!]
  },
}

function run(backend: TensorflowBackend, name: string, inputs: readonly Tensor[], epsilon: number): Tensor[] {
  const attributes = {
    types: { T: 'float32', U: 'float32' },
    floats: { epsilon },
    booleans: { is_training: true },
    strings: { data_format: 'NHWC' },
  } as const
  return runOp(backend, name, inputs, attributes, 5) as Tensor[]
}

/** What cuDNN keeps of the forward pass in the variance's place. */
function inverseDeviation(variance: Tensor1D, epsilon: number): Tensor {
  return rsqrt(add(variance, epsilon))
}

function asGrid(x: Tensor): Tensor {
  return x.rank === 4 ? x : reshape(x, [-1, 1, 1, x.shape[x.rank - 1]!])
}

function asIn(x: Tensor, y: Tensor): Tensor {
  return x.rank === 4 ? y : reshape(y, x.shape)
}
