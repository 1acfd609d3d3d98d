import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Conv2DBackpropFilter, type TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from '../memory/alias.ts'
import { free, offsetOf, wordsOf } from '../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from './convolution.ts'
import { nativeOf } from './native.ts'
import { type GridPlan, type Group, gradientGrid, inputGrid, planGrid } from './phase-grid.ts'
import { packing, transposing } from './product.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of a convolution for its filter, which TensorFlow.js' wasm backend lacks.
 *
 * For a tap it is one matrix product, x (shifted to the tap) transposed times dy, summed over the pixels, or that product
 * transposed. The left side of it is transposed once for all taps, and the shift is a view of it (see phase-grid.ts), so
 * that nothing is copied for a tap; the right side is packed once. Images go in groups, as long sums of float32 lose
 * digits and memory that fits a cache is faster.
 */
export const conv2dBackpropFilter: WasmKernel = {
  kernelName: Conv2DBackpropFilter,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo }
    const { filterShape } = attributes as unknown as { filterShape: number[] }
    const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes)
    const plan = planGrid(info)
    const most = groupOf(plan)
    const add = shiftsGradient(plan, most) ? addByGradient : addByInput
    let total: TensorInfo | undefined
    for (let image = 0; image < info.batchSize; image += most) {
      const part = backend.makeOutput(filterShape, 'float32')
      add(backend, plan, { x, dy, part, image, images: Math.min(most, info.batchSize - image) })
      total = total === undefined ? part : sumOf(backend, total, part)
    }
    return total!
  },
}

/** Products below this many multiply-adds are mostly overhead. */
const worthwhile = 4e6

/** How many images go together. */
function groupOf({ info, cells }: GridPlan): number {
  const rows = Math.max(2048, worthwhile / (info.inChannels * info.outChannels))
  return Math.min(info.batchSize, Math.ceil(rows / cells))
}

/** Up to so many channels transposing costs what product.ts says; the rows of wider pixels miss the cache. */
const narrow = 128

/** Whether to transpose and shift dy and pack the input, or the other way round: packing takes longer. */
function shiftsGradient({ info, cells, phases, taps }: GridPlan, images: number): boolean {
  const { inChannels, outChannels } = info
  if (outChannels > narrow) return false
  const saved = (packing - transposing) * (outChannels - phases * inChannels) * cells * images
  return saved > transposing * taps.length * inChannels * outChannels
}

interface Part extends Group {
  readonly x: TensorInfo
  readonly dy: TensorInfo
  /** Receives the gradient of the group, of the filter's shape. */
  readonly part: TensorInfo
}

/** For each tap the input, shifted and transposed, times dy. */
function addByInput(backend: BackendWasm, plan: GridPlan, group: Part): void {
  const { inChannels, outChannels } = plan.info
  const pixels = group.images * plan.cells
  const size = inChannels * pixels
  const x = inputGrid(backend, plan, group.x, group, 0)
  const dy = gradientGrid(backend, plan, group.dy, group)
  // A phase's shifted rows run on into the next row, where dy is zero, and the last one's into zeros put there.
  const turned = backend.makeOutput([plan.phases * (size + plan.reach)], 'float32')
  const from = offsetOf(backend, turned)
  for (let phase = 0; phase < plan.phases; phase++) {
    const at = from + phase * (size + plan.reach)
    transpose(backend, [pixels, inChannels], x.offset + phase * size, at)
    wordsOf(backend).fill(0, at + size, at + size + plan.reach)
  }
  free(backend, x.owned)
  let to = offsetOf(backend, group.part)
  withAlias(backend, [pixels, outChannels], dy.offset, (right) => {
    for (const { phase, shift } of plan.taps) {
      const left = from + phase * (size + plan.reach) + shift
      multiply(backend, [inChannels, pixels], left, right, to)
      to += inChannels * outChannels
    }
  })
  free(backend, turned, dy.owned)
}

/** For each tap dy, shifted the other way and transposed, times the input; that transposed. */
function addByGradient(backend: BackendWasm, plan: GridPlan, group: Part): void {
  const { inChannels, outChannels } = plan.info
  const pixels = group.images * plan.cells
  const x = inputGrid(backend, plan, group.x, group, 0)
  const dy = gradientGrid(backend, plan, group.dy, group)
  // Shifted rows begin in the row before, whose last cells are zero, and the first one in zeros put there.
  const turned = backend.makeOutput([plan.reach + outChannels * pixels], 'float32')
  const from = offsetOf(backend, turned) + plan.reach
  wordsOf(backend).fill(0, from - plan.reach, from)
  transpose(backend, [pixels, outChannels], dy.offset, from)
  free(backend, dy.owned)
  const product = backend.makeOutput([outChannels * inChannels], 'float32')
  const result = offsetOf(backend, product)
  const to = offsetOf(backend, group.part)
  for (let current = 0; current < plan.phases; current++) {
    withAlias(backend, [pixels, inChannels], x.offset + current * pixels * inChannels, (right) => {
      plan.taps.forEach(({ phase, shift }, tap) => {
        if (phase !== current) return
        multiply(backend, [outChannels, pixels], from - shift, right, result)
        transpose(backend, [outChannels, inChannels], result, to + tap * inChannels * outChannels)
      })
    })
  }
  free(backend, product, turned, x.owned)
}

/** The matrix at one place of the heap, transposed to another. */
function transpose(backend: BackendWasm, [rows, columns]: [number, number], from: number, to: number): void {
  withAlias(backend, [rows, columns], from, (matrix) =>
    withAlias(backend, [columns, rows], to, (result) => nativeOf(backend).transpose(matrix, result)),
  )
}

/** The matrix at a place of the heap times another. */
function multiply(backend: BackendWasm, shape: [number, number], from: number, right: TensorInfo, to: number): void {
  withAlias(backend, shape, from, (left) =>
    withAlias(backend, [shape[0], right.shape[1]!], to, (result) => nativeOf(backend).matMul(left, right, result)),
  )
}

function sumOf(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const sum = stock(backend, 'Add', { a, b })
  free(backend, a, b)
  return sum
}
