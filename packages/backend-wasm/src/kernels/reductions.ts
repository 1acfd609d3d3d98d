import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Mean, Sum, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { heapOf, offsetOf, reshaped, sizeOf, tensorOf } from '../memory/heap.ts'
import { columnSums, rowMeans } from './column-sums.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The sum over axes other than the last ones, in place of TensorFlow.js' own, which transposes first and then adds value
 * by value.
 */
export const sum: WasmKernel = reduction(Sum)

/** The mean over axes other than the last ones (global average pooling, statistics), likewise. */
export const mean: WasmKernel = reduction(Mean)

/** Below this many values the calls outweigh the work. */
const worthwhile = 4096

function reduction(kernelName: typeof Sum | typeof Mean): WasmKernel {
  return {
    kernelName,
    kernelFunc: ({ backend, inputs, attributes }) => {
      const x = inputs.x!
      const { axis, keepDims } = attributes as { axis: number | number[]; keepDims: boolean }
      const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b)
      const parts = partsOf(x, axes)
      if (parts === undefined) return stock(backend, kernelName, inputs, attributes)
      const shape = x.shape.flatMap((side, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [side]))
      return reshaped(reduced(backend, x, parts, kernelName), shape)
    },
  }
}

/** x as `[outer, reduced, inner]`, where that is possible and worth it. */
function partsOf(x: TensorInfo, axes: readonly number[]): readonly [number, number, number] | undefined {
  const first = axes[0]!
  const last = axes[axes.length - 1]!
  if (axes.length === 0 || last - first + 1 !== axes.length || x.dtype !== 'float32') return undefined
  const outer = sizeOf(x.shape.slice(0, first))
  const rows = sizeOf(x.shape.slice(first, last + 1))
  const inner = sizeOf(x.shape.slice(last + 1))
  return inner > 1 && rows > 1 && outer * rows * inner >= worthwhile ? [outer, rows, inner] : undefined
}

function reduced(
  backend: BackendWasm,
  x: TensorInfo,
  [outer, rows, inner]: readonly [number, number, number],
  kernelName: typeof Sum | typeof Mean,
): TensorInfo {
  if (outer === 1) {
    const divisor = kernelName === Mean ? rows : 1
    return tensorOf(
      backend,
      [inner],
      Float32Array.from(columnSums(backend, x, [rows, inner]), (s) => s / divisor),
    )
  }
  const means = rowMeans(backend, x, [outer, rows, inner])
  if (kernelName === Mean) return means
  const heap = heapOf(backend)
  const from = offsetOf(backend, means)
  for (let i = from; i < from + outer * inner; i++) heap[i]! *= rows
  return means
}
