import { correctAvgPoolGrad } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { getKernel, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core'
import { batchNorm } from './batch-norm.ts'
import { batchNormTraining } from './batch-norm-training.ts'
import { batchNormTrainingGrad } from './batch-norm-training-grad.ts'
import { clipByValueGrad, relu6Grad } from './clip-grads.ts'
import { greater, greaterEqual, less, lessEqual, logicalAnd, select } from './comparisons.ts'
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts'
import { conv2dBackpropInput } from './conv2d-backprop-input.ts'
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.ts'
import { depthwiseBackpropInput } from './depthwise-backprop-input.ts'
import { fusedMatMul, matMul } from './mat-mul.ts'
import { maxPoolGrad } from './max-pool-grad.ts'
import { ownClipByValueGrad, ownRelu6Grad, ownReluGrad } from './own/activation-grads.ts'
import { ownBatchNormTraining } from './own/batch-norm-training.ts'
import { ownBatchNormTrainingGrad } from './own/batch-norm-training-grad.ts'
import { ownConv2d, ownFusedConv2d } from './own/conv2d.ts'
import { ownConv2dAdd } from './own/conv2d-add.ts'
import { ownConv2dBackpropFilter } from './own/conv2d-backprop-filter.ts'
import { ownConv2dBackpropInput } from './own/conv2d-backprop-input.ts'
import { ownDepthwise, ownFusedDepthwise } from './own/depthwise.ts'
import { ownDepthwiseBackpropFilter, ownDepthwiseBackpropInput } from './own/depthwise-grads.ts'
import { ownGroupedConv2d } from './own/grouped-conv2d.ts'
import { ownFusedMatMul, ownMatMul } from './own/mat-mul.ts'
import { ownAdamUpdate, ownRmsPropUpdate, ownSgdUpdate } from './own/optimizer-updates.ts'
import { ownAvgPoolGrad, ownMaxPoolGrad } from './own/pool-grads.ts'
import { ownAvgPool, ownMaxPool } from './own/pools.ts'
import { ownBatchNorm, ownScaleShift } from './own/scale-shift.ts'
import { ownAdd, ownClipByValue, ownRelu, ownRelu6 } from './own/sums.ts'
import { pad } from './pad.ts'
import { mean, sum } from './reductions.ts'
import { cast, identity } from './same-data.ts'
import { concat, slice, splitV } from './slices.ts'
import { replaced, type WasmKernel } from './stock.ts'
import { unsortedSegmentSum } from './unsorted-segment-sum.ts'

/** All of ours, those that TensorFlow.js lacks and those that it has slower. */
const kernels: readonly WasmKernel[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  batchNorm,
  batchNormTraining,
  batchNormTrainingGrad,
  matMul,
  fusedMatMul,
  sum,
  mean,
  identity,
  cast,
  less,
  lessEqual,
  greater,
  greaterEqual,
  logicalAnd,
  select,
  clipByValueGrad,
  relu6Grad,
  maxPoolGrad,
  slice,
  splitV,
  concat,
  pad,
  unsortedSegmentSum,
]

/** Those that run on the engine of the backend. */
const engineKernels: readonly WasmKernel[] = [
  ownConv2d,
  ownFusedConv2d,
  ownDepthwise,
  ownFusedDepthwise,
  ownMatMul,
  ownFusedMatMul,
  ownConv2dAdd,
  ownGroupedConv2d,
  ownScaleShift,
  ownBatchNorm,
  ownConv2dBackpropFilter,
  ownConv2dBackpropInput,
  ownDepthwiseBackpropFilter,
  ownDepthwiseBackpropInput,
  ownBatchNormTraining,
  ownBatchNormTrainingGrad,
  ownReluGrad,
  ownRelu6Grad,
  ownClipByValueGrad,
  ownMaxPoolGrad,
  ownAvgPoolGrad,
  ownSgdUpdate,
  ownAdamUpdate,
  ownRmsPropUpdate,
  ownMaxPool,
  ownAvgPool,
  ownRelu,
  ownRelu6,
  ownClipByValue,
  ownAdd,
]

const ours = new Set<string>()
let restoreAvgPoolGrad: (() => void) | undefined

/**
 * Registers our kernels for the backend `wasm`, in place of TensorFlow.js' own. Doing so again changes nothing.
 *
 * @param withEngine also those that run on the backend's engine
 */
export function registerKernels(withEngine: boolean): void {
  for (const { kernelName, kernelFunc } of withEngine ? [...engineKernels, ...kernels] : kernels) {
    if (ours.has(kernelName)) continue
    const stock = getKernel(kernelName, 'wasm')
    if (stock !== undefined) {
      replaced.set(kernelName, stock)
      unregisterKernel(kernelName, 'wasm')
    }
    registerKernel({
      // The setup of the kernel in whose place ours stands: ours falls back on it.
      ...stock,
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, backend, attrs }) =>
        kernelFunc({
          backend: backend as BackendWasm,
          inputs: inputs as Readonly<Record<string, TensorInfo>>,
          attributes: (attrs ?? {}) as Readonly<Record<string, unknown>>,
        }),
    })
    ours.add(kernelName)
  }
  if (!withEngine) restoreAvgPoolGrad ??= correctAvgPoolGrad('wasm')
}

/** Puts TensorFlow.js' own kernels back. */
export function unregisterKernels(): void {
  restoreAvgPoolGrad?.()
  restoreAvgPoolGrad = undefined
  for (const kernelName of ours) {
    unregisterKernel(kernelName, 'wasm')
    const stock = replaced.get(kernelName)
    if (stock !== undefined) registerKernel(stock)
  }
  ours.clear()
  replaced.clear()
}
