import { BatchNormTraining, type BatchNormTrainingAttributes } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { momentsKind } from '../../engine/job-fields.ts'
import { heapOf, offsetOf, tensorOf } from '../../memory/heap.ts'
import { values } from '../batch-norm.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf, type Rows, rowsOf, runningEngine, scaled } from './by-rows.ts'

/** Batch norm by the statistics of the batch: one pass that reads x for its moments, one that reads x and writes y. */
export const ownBatchNormTraining: WasmKernel = {
  kernelName: BatchNormTraining,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', TensorInfo>
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const rows = rowsOf(x.shape)
    const { mean, variance } = momentsOf(backend, x, rows)
    const [gammas, betas] = [values(backend, gamma), values(backend, beta)]
    const scale = gammas.map((factor, c) => factor / Math.sqrt(variance[c]! + epsilon))
    const shift = betas.map((offset, c) => offset - mean[c]! * scale[c]!)
    const y = scaled(backend, { x, scale, shift })
    const { channels } = rows
    return [y, tensorOf(backend, [channels], mean), tensorOf(backend, [channels], variance)]
  },
}

/** Puts the moments of blocks together, by Chan, Golub and LeVeque's update (1983), which loses no digits. */
function momentsOf(
  backend: BackendWasm,
  x: TensorInfo,
  { rows, channels, blockRows, units }: Rows,
): { mean: Float32Array; variance: Float32Array } {
  const parts = backend.makeOutput([units, 2, channels], 'float32')
  const [input, output] = [addressOf(backend, x), addressOf(backend, parts)]
  runningEngine(backend).run({ kind: momentsKind, units, rows, blockRows, inChannels: channels, input, output })
  const heap = heapOf(backend)
  const at = offsetOf(backend, parts)
  const mean = new Float64Array(channels)
  const squares = new Float64Array(channels)
  for (let unit = 0; unit < units; unit++) {
    const before = unit * blockRows
    const count = Math.min(blockRows, rows - before)
    const from = at + 2 * unit * channels
    for (let c = 0; c < channels; c++) {
      const distance = heap[from + c]! - mean[c]!
      mean[c]! += (distance * count) / (before + count)
      squares[c]! += heap[from + channels + c]! + (distance * distance * before * count) / (before + count)
    }
  }
  backend.disposeData(parts.dataId)
  return { mean: Float32Array.from(mean), variance: Float32Array.from(squares, (sum) => sum / rows) }
}
