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
import { adamUpdate, rmsPropUpdate, sgdUpdate } from './optimizer-updates.ts'
import type { TensorflowBackend, TensorflowKernel } from './tensorflow.ts'

const backendName = 'tensorflow'

/** Those that tfjs-node lacks and those that it has slower. */
const kernels: readonly TensorflowKernel[] = [
  batchNormTraining,
  batchNormTrainingGrad,
  reluGrad,
  relu6Grad,
  clipByValue,
  sum,
  sgdUpdate,
  adamUpdate,
  rmsPropUpdate,
]

/** What stood in the registry before ours. */
const replaced = new Map<string, KernelConfig | undefined>()

let restoreGradients: (() => void) | undefined

/**
 * Registers our kernels for the backend `tensorflow`, in place of tfjs-node's own, and the gradients that call them. Doing so again changes
 * nothing.
 */
export function registerKernels(): void {
  restoreGradients ??= installGradients()
  for (const { kernelName, kernelFunc } of kernels) {
    if (replaced.has(kernelName)) continue
    const stock = getKernel(kernelName, backendName)
    if (stock !== undefined) unregisterKernel(kernelName, backendName)
    registerKernel({
      ...stock,
      kernelName,
      backendName,
      kernelFunc: (call) => {
        const { inputs, backend, attrs } = call
        const own = tidy(
          () =>
            kernelFunc({
              backend: backend as TensorflowBackend,
              inputs: inputs as Parameters<typeof kernelFunc>[0]['inputs'],
              attributes: (attrs ?? {}) as Readonly<Record<string, unknown>>,
            }) as Tensor | undefined,
        )
        return own ?? stock!.kernelFunc(call)
      },
    })
    replaced.set(kernelName, stock)
  }
}

/** Puts tfjs-node's own kernels back, and TensorFlow.js' gradients. */
export function unregisterKernels(): void {
  restoreGradients?.()
  restoreGradients = undefined
  for (const [kernelName, stock] of replaced) {
    unregisterKernel(kernelName, backendName)
    if (stock !== undefined) registerKernel(stock)
  }
  replaced.clear()
}
