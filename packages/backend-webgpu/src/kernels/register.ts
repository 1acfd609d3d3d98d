import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  getKernel,
  type KernelConfig,
  type NamedAttrMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { clipByValueGrad, relu6Grad, reluGrad } from './activation-grads.ts'
import { addN } from './add-n.ts'
import { argMax } from './arg-max.ts'
import { batchNormTraining } from './batch-norm-training.ts'
import { batchNormTrainingGrad } from './batch-norm-training-grad.ts'
import { fusedConv2dAdd, scaleShift } from './fused.ts'
import type { WebgpuKernel } from './kernel.ts'
import { localResponseNormGrad } from './local-response-norm.ts'
import { fusedMatMul, matMul } from './mat-mul.ts'
import { maxPoolGrad } from './max-pool-grad.ts'
import { movingAverage } from './moving-average.ts'
import { adamUpdate, rmsPropUpdate, sgdUpdate } from './optimizer-updates.ts'

const kernels: readonly WebgpuKernel[] = [
  batchNormTraining,
  batchNormTrainingGrad,
  reluGrad,
  relu6Grad,
  clipByValueGrad,
  movingAverage,
  sgdUpdate,
  adamUpdate,
  rmsPropUpdate,
  maxPoolGrad,
  localResponseNormGrad,
  scaleShift,
  fusedConv2dAdd,
  addN,
  argMax,
  matMul,
  fusedMatMul,
]

/** What ours took the place of, by name. */
const replaced = new Map<string, KernelConfig | undefined>()

/** Registers our kernels for the backend `webgpu`, in place of TensorFlow.js' own. Doing so again changes nothing. */
export function registerKernels(): void {
  for (const { kernelName, kernelFunc } of kernels) {
    if (replaced.has(kernelName)) continue
    const stock = getKernel(kernelName, 'webgpu')
    if (stock !== undefined) unregisterKernel(kernelName, 'webgpu')
    replaced.set(kernelName, stock)
    registerKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ inputs, backend, attrs }) =>
        kernelFunc({
          backend: backend as WebGPUBackend,
          inputs: inputs as Readonly<Record<string, TensorInfo>>,
          attributes: (attrs ?? {}) as Readonly<Record<string, unknown>>,
          stock:
            stock && ((inputs, attributes) => stock.kernelFunc({ inputs, backend, attrs: attributes as NamedAttrMap })),
        }),
    })
  }
}

/** Puts TensorFlow.js' own kernels back. */
export function unregisterKernels(): void {
  for (const [kernelName, stock] of replaced) {
    unregisterKernel(kernelName, 'webgpu')
    if (stock !== undefined) registerKernel(stock)
  }
  replaced.clear()
}
