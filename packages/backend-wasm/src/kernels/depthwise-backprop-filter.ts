import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { DepthwiseConv2dNativeBackpropFilter, type TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from '../memory/alias.ts'
import { cached } from '../memory/chunks.ts'
import { free, tensorOf } from '../memory/heap.ts'
import { channelsRepeated } from './channel-multiplier.ts'
import { columnSums } from './column-sums.ts'
import { type Conv2DAttributes, convolutionOf } from './convolution.ts'
import { type GridPlan, type Group, gradientGrid, inputGrid, planGrid } from './phase-grid.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of a depthwise convolution for its filter, which TensorFlow.js' wasm backend lacks.
 *
 * For a tap it is x, shifted to the tap, times dy, summed over all pixels. What is shifted is a view of x on its grid
 * (see phase-grid.ts).
 */
export const depthwiseBackpropFilter: WasmKernel = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo }
    const { filterShape } = attributes as unknown as { filterShape: [number, number, number, number] }
    const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes, true)
    const plan = planGrid(info)
    const multiplier = filterShape[3]
    const wide = multiplier === 1 ? undefined : channelsRepeated(backend, x, multiplier)
    const sums = new Float64Array(plan.taps.length * info.outChannels)
    const most = Math.max(1, Math.floor(cached / (plan.cells * info.outChannels)))
    for (let image = 0; image < info.batchSize; image += most) {
      const images = Math.min(most, info.batchSize - image)
      addGroup(backend, plan, { x: wide ?? x, dy, sums, image, images })
    }
    free(backend, wide)
    return tensorOf(backend, filterShape, Float32Array.from(sums))
  },
}

interface Part extends Group {
  /** With as many channels as dy. */
  readonly x: TensorInfo
  readonly dy: TensorInfo
  /** `[taps, channels]`, added to. */
  readonly sums: Float64Array
}

function addGroup(backend: BackendWasm, plan: GridPlan, group: Part): void {
  const channels = plan.info.outChannels
  const size = group.images * plan.cells * channels
  const slack = plan.reach * channels
  const x = inputGrid(backend, plan, group.x, group, slack)
  const dy = gradientGrid(backend, plan, group.dy, group)
  withAlias(backend, [size], dy.offset, (gradient) => {
    plan.taps.forEach(({ phase, shift }, tap) => {
      withAlias(backend, [size], x.offset + phase * (size + slack) + shift * channels, (shifted) => {
        const products = stock(backend, 'Multiply', { a: shifted, b: gradient })
        const rows = group.images * plan.cells
        columnSums(backend, products, [rows, channels], group.sums.subarray(tap * channels, (tap + 1) * channels))
        free(backend, products)
      })
    })
  })
  free(backend, x.owned, dy.owned)
}
