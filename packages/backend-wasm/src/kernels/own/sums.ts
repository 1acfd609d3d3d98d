import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Add, ClipByValue, Relu, Relu6, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { sumKind } from '../../engine/job-fields.ts'
import { sizeOf } from '../../memory/heap.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { rangeOf } from './activation.ts'
import { addressOf, runningEngine } from './by-rows.ts'

/** Values of a unit. */
const blockSize = 1 << 14

/** max(x, 0). */
export const ownRelu: WasmKernel = clamping(Relu, () => rangeOf('relu')!)

/** min(max(x, 0), 6). */
export const ownRelu6: WasmKernel = clamping(Relu6, () => rangeOf('relu6')!)

/** min(max(x, clipValueMin), clipValueMax). */
export const ownClipByValue: WasmKernel = clamping(ClipByValue, (attributes) => {
  const { clipValueMin, clipValueMax } = attributes as { clipValueMin: number; clipValueMax: number }
  return [clipValueMin, clipValueMax]
})

/** The sum of two float tensors of one shape; all others go to TensorFlow.js' kernel. */
export const ownAdd: WasmKernel = {
  kernelName: Add,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
    const alike = a.dtype === 'float32' && b.dtype === 'float32' && util.arraysEqual(a.shape, b.shape)
    return alike ? sum(backend, [a, b], rangeOf('linear')!) : stock(backend, Add, inputs, attributes)
  },
}

function clamping(
  kernelName: string,
  range: (attributes: Readonly<Record<string, unknown>>) => readonly [number, number],
): WasmKernel {
  return {
    kernelName,
    kernelFunc: ({ backend, inputs, attributes }) =>
      inputs.x!.dtype === 'float32'
        ? sum(backend, [inputs.x!], range(attributes))
        : stock(backend, kernelName, inputs, attributes),
  }
}

function sum(
  backend: BackendWasm,
  [x, other]: readonly [TensorInfo, TensorInfo?],
  range: readonly [number, number],
): TensorInfo {
  const result = backend.makeOutput(x.shape, 'float32')
  const values = sizeOf(x.shape)
  runningEngine(backend).run({
    kind: sumKind,
    units: Math.ceil(values / blockSize),
    rows: values,
    blockRows: blockSize,
    input: addressOf(backend, x),
    other: other === undefined ? 0 : addressOf(backend, other),
    output: addressOf(backend, result),
    range,
  })
  return result
}
