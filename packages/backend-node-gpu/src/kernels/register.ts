import { installGradients } from '@cnnkit/kernels'
import {
  getKernel,
  type KernelConfig,
  registerKernel,
  type Tensor,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { clipByValue, relu6Grad, reluGrad } from './activation-grads.ts'
import { batchNormTraining, batchNormTrainingGrad } from './batch-norm-training.ts'
import { sum } from './bias.ts'
import { fusedConv2d } from './fused-conv2d.ts'
import { maxPoolGrad } from './max-pool-grad.ts'
import { movingAverage } from './moving-average.ts'
import { adamUpdate, rmsPropUpdate, sgdUpdate } from './optimizer-updates.ts'
import type { KernelCall, TensorflowBackend, TensorflowKernel } from './tensorflow.ts'

const backendName = 'tensorflow'

/** Those that tfjs-node lacks and those that it has slower. */
const kernels: readonly TensorflowKernel[] = [
  batchNormTraining,
  batchNormTrainingGrad,
  reluGrad,
  relu6Grad,
  clipByValue,
  sum,
  fusedConv2d,
  maxPoolGrad,
  movingAverage,
  sgdUpdate,
  adamUpdate,
  rmsPropUpdate,
]

/** What stood in the registry before ours. */
const replaced = new Map<string, KernelConfig | undefined>()

let restoreGradients: (() => void) | undefined

/**
 * Registers our kernels for the backend `tensorflow`, in place of tfjs-node's own, and the gradients that call them. Doing so again changes
 * nothing; where one cannot be registered, none is.
 */
export function registerKernels(): void {
  try {
    restoreGradients ??= installGradients()
    for (const kernel of kernels) if (!replaced.has(kernel.kernelName)) register(kernel)
  } catch (error) {
    unregisterKernels()
    throw error
  }
}

/** Puts tfjs-node's own kernels back, and TensorFlow.js' gradients. */
export function unregisterKernels(): void {
  for (const [kernelName, stock] of replaced) {
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName)
    if (stock !== undefined) registerKernel(stock)
  }
  replaced.clear()
  restoreGradients?.()
  restoreGradients = undefined
}

function register({ kernelName, kernelFunc }: TensorflowKernel): void {
  const stock = getKernel(kernelName, backendName)
  replaced.set(kernelName, stock)
  if (stock !== undefined) unregisterKernel(kernelName, backendName)
  const run: KernelConfig['kernelFunc'] = (call) => {
    const { inputs, backend, attrs } = call
    const own = tidy(
      () =>
        kernelFunc({
          backend: backend as TensorflowBackend,
          inputs: inputs as KernelCall['inputs'],
          attributes: (attrs ?? {}) as KernelCall['attributes'],
        }) as Tensor | undefined,
    )
    return own ?? stock!.kernelFunc(call)
  }
  registerKernel({ ...stock, kernelName, backendName, kernelFunc: run })
}
