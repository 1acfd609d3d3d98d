import { type BatchNormTrainingAttributes, BatchNormTrainingGrad } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { normSumsKind } from '../../engine/job-fields.ts'
import { heapOf, offsetOf, tensorOf } from '../../memory/heap.ts'
import { values } from '../batch-norm.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf, rowsOf, runningEngine, scaled } from './by-rows.ts'

/**
 * The gradient of batch norm in training in two passes: one reads dy and x for their sums, one reads both and writes dx, which is
 * `dy * a + x * b + c` for each channel (see ../batch-norm-training-grad.ts for the formula).
 */
export const ownBatchNormTrainingGrad: WasmKernel = {
  kernelName: BatchNormTrainingGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, x, gamma, mean, variance } = inputs as Record<'dy' | 'x' | 'gamma' | 'mean' | 'variance', TensorInfo>
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const { rows, channels } = rowsOf(x.shape)
    const [dbeta, products] = sumsOf(backend, { dy, x, mean })
    const [means, inverse] = [values(backend, mean), values(backend, variance).map((v) => 1 / Math.sqrt(v + epsilon))]
    const dgamma = inverse.map((by, c) => by * products[c]!)
    const a = values(backend, gamma).map((by, c) => by * inverse[c]!)
    const b = a.map((by, c) => (-by * inverse[c]! * dgamma[c]!) / rows)
    const c = a.map((by, i) => (-by * dbeta[i]!) / rows - b[i]! * means[i]!)
    const dx = scaled(backend, { x: dy, scale: a, shift: c, other: x, otherScale: b })
    return [dx, tensorOf(backend, [channels], dgamma), tensorOf(backend, [channels], Float32Array.from(dbeta))]
  },
}

/** For each channel the sum of dy, and of dy times x less its mean. */
function sumsOf(
  backend: BackendWasm,
  { dy, x, mean }: Readonly<Record<'dy' | 'x' | 'mean', TensorInfo>>,
): [Float64Array, Float64Array] {
  const { rows, channels, blockRows, units } = rowsOf(x.shape)
  const parts = backend.makeOutput([units, 2, channels], 'float32')
  runningEngine(backend).run({
    kind: normSumsKind,
    units,
    rows,
    blockRows,
    inChannels: channels,
    input: addressOf(backend, dy),
    other: addressOf(backend, x),
    bias: addressOf(backend, mean),
    output: addressOf(backend, parts),
  })
  const heap = heapOf(backend)
  const at = offsetOf(backend, parts)
  const sums = new Float64Array(2 * channels)
  for (let unit = 0; unit < units; unit++) {
    for (let i = 0; i < 2 * channels; i++) sums[i]! += heap[at + 2 * unit * channels + i]!
  }
  backend.disposeData(parts.dataId)
  return [sums.subarray(0, channels), sums.subarray(channels)]
}
