import { ScaleShift, type ScaleShiftAttributes } from '@cnnkit/kernels'
import { FusedBatchNorm, type TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../memory/heap.ts'
import { batchNorm, factorsOf, values } from '../batch-norm.ts'
import type { WasmKernel } from '../stock.ts'
import { rangeOf } from './activation.ts'
import { scaled } from './by-rows.ts'

/** Scale, shift and activation in one pass, `@cnnkit/kernels`' kernel. */
export const ownScaleShift: WasmKernel = {
  kernelName: ScaleShift,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, scale, shift } = inputs as Record<'x' | 'scale' | 'shift', TensorInfo>
    const range = rangeOf((attributes as unknown as ScaleShiftAttributes).activation)!
    return scaled(backend, { x, scale: values(backend, scale), shift: values(backend, shift), range })
  },
}

/** Batch norm in inference in one pass. */
export const ownBatchNorm: WasmKernel = {
  kernelName: FusedBatchNorm,
  kernelFunc: (call) => {
    const { backend, inputs } = call
    const factors = sizeOf(inputs.x!.shape) === 0 ? undefined : factorsOf(call)
    return factors === undefined ? batchNorm.kernelFunc(call) : scaled(backend, { x: inputs.x!, ...factors })
  },
}
