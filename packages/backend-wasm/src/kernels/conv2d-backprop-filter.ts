import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Conv2DBackpropFilter, type TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from '../memory/alias.ts'
import { free, offsetOf, wordsOf } from '../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from './convolution.ts'
import { nativeOf } from './native.ts'
import { type GridPlan, type Group, gradientGrid, inputGrid, planGrid } from './phase-grid.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of a convolution for its filter, which TensorFlow.js' wasm backend lacks.
 *
 * For a tap it is one matrix product, x (shifted to the tap) transposed times dy, summed over the pixels. The input is
 * transposed once, and each tap's shift is a view of it (see phase-grid.ts), so that nothing is copied for a tap; dy is
 * packed once for all of them. Images go in groups, as long sums of float32 lose digits and memory that fits a cache is
 * faster.
 */
export const conv2dBackpropFilter: WasmKernel = {
  kernelName: Conv2DBackpropFilter,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo }
    const { filterShape } = attributes as unknown as { filterShape: number[] }
    const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes)
    const plan = planGrid(info)
    const most = groupOf(plan)
    let total: TensorInfo | undefined
    for (let image = 0; image < info.batchSize; image += most) {
      const part = backend.makeOutput(filterShape, 'float32')
      addGroup(backend, plan, { x, dy, part, image, images: Math.min(most, info.batchSize - image) })
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

interface Part extends Group {
  readonly x: TensorInfo
  readonly dy: TensorInfo
  /** Receives the gradient of the group, of the filter's shape. */
  readonly part: TensorInfo
}

function addGroup(backend: BackendWasm, plan: GridPlan, group: Part): void {
  const turned = transposedPhases(backend, plan, group)
  const dy = gradientGrid(backend, plan, group.dy, group)
  const { inChannels, outChannels } = plan.info
  const pixels = group.images * plan.cells
  const phaseSize = inChannels * pixels + plan.reach
  const { matMul } = nativeOf(backend)
  const from = offsetOf(backend, turned)
  let to = offsetOf(backend, group.part)
  withAlias(backend, [pixels, outChannels], dy.offset, (right) => {
    for (const { phase, shift } of plan.taps) {
      withAlias(backend, [inChannels, pixels], from + phase * phaseSize + shift, (left) =>
        withAlias(backend, [inChannels, outChannels], to, (result) => matMul(left, right, result)),
      )
      to += inChannels * outChannels
    }
  })
  free(backend, turned, dy.owned)
}

/** The input's grid as `[phases, channels, images * cells]`, each phase followed by zeros for the largest shift to run into. */
function transposedPhases(backend: BackendWasm, plan: GridPlan, group: Part): TensorInfo {
  const { inChannels } = plan.info
  const pixels = group.images * plan.cells
  const size = pixels * inChannels
  const straight = inputGrid(backend, plan, group.x, group, 0)
  const turned = backend.makeOutput([plan.phases * (size + plan.reach)], 'float32')
  const words = wordsOf(backend)
  for (let phase = 0; phase < plan.phases; phase++) {
    const end = offsetOf(backend, turned) + (phase + 1) * (size + plan.reach)
    words.fill(0, end - plan.reach, end)
    withAlias(backend, [pixels, inChannels], straight.offset + phase * size, (from) =>
      withAlias(backend, [inChannels, pixels], end - plan.reach - size, (to) => nativeOf(backend).transpose(from, to)),
    )
  }
  free(backend, straight.owned)
  return turned
}

function sumOf(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const sum = stock(backend, 'Add', { a, b })
  free(backend, a, b)
  return sum
}
