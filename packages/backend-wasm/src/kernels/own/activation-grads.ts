import { ClipByValueGrad, type ClipByValueGradAttributes, Relu6Grad, ReluGrad } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { rangeMaskKind } from '../../engine/job-fields.ts'
import { sizeOf } from '../../memory/heap.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf, runningEngine } from './by-rows.ts'

/** Values of a unit. */
const blockSize = 1 << 15
/** The float32 next to 0 and to 6, as the kernel's range includes its ends. */
const [aboveZero, belowSix] = [2 ** -149, 6 - 2 ** -21]

/** dy where y > 0. */
export const ownReluGrad: WasmKernel = {
  kernelName: ReluGrad,
  kernelFunc: ({ backend, inputs }) => masked(backend, inputs.dy!, inputs.y!, [aboveZero, Number.POSITIVE_INFINITY]),
}

/** dy where 0 < y < 6. */
export const ownRelu6Grad: WasmKernel = {
  kernelName: Relu6Grad,
  kernelFunc: ({ backend, inputs }) => masked(backend, inputs.dy!, inputs.y!, [aboveZero, belowSix]),
}

/** dy where min <= x <= max. */
export const ownClipByValueGrad: WasmKernel = {
  kernelName: ClipByValueGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { clipValueMin, clipValueMax } = attributes as unknown as ClipByValueGradAttributes
    return masked(backend, inputs.dy!, inputs.x!, [clipValueMin, clipValueMax])
  },
}

function masked(backend: BackendWasm, dy: TensorInfo, by: TensorInfo, range: readonly [number, number]): TensorInfo {
  const dx = backend.makeOutput(dy.shape, 'float32')
  const rows = sizeOf(dy.shape)
  runningEngine(backend).run({
    kind: rangeMaskKind,
    units: Math.ceil(rows / blockSize),
    rows,
    blockRows: blockSize,
    input: addressOf(backend, by),
    other: addressOf(backend, dy),
    output: addressOf(backend, dx),
    range,
  })
  return dx
}
