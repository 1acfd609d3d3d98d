import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  type backend_util,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { engineOf } from '../../engine/engine.ts'
import { depthwiseFilterGradientKind, depthwiseInputGradientKind } from '../../engine/job-fields.ts'
import { free, heapOf, offsetOf, sizeOf, tensorOf } from '../../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { depthwiseBackpropFilter } from '../depthwise-backprop-filter.ts'
import { depthwiseBackpropInput } from '../depthwise-backprop-input.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf } from './by-rows.ts'
import { sizes } from './plan.ts'

/** Channels that are copied at a time: a line of the cache. */
const blockChannels = 16
/** Bytes of copied rows of the input, about: they stay in the first cache for all taps. */
const blockBytes = 1 << 15

/** The gradient of a depthwise convolution for its filter, read in place. Several outputs a channel go to the other kernel. */
export const ownDepthwiseBackpropFilter: WasmKernel = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  kernelFunc: (call) => {
    const { backend, inputs, attributes } = call
    const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
    const { filterShape } = attributes as unknown as { filterShape: number[] }
    const engine = engineOf(backend)
    if (engine === undefined || filterShape[3] !== 1 || sizeOf(dy.shape) * sizeOf(filterShape) === 0)
      return depthwiseBackpropFilter.kernelFunc(call)
    const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes, true)
    const { blockRows, scratch } = blocksOf(info)
    const units = info.batchSize * Math.ceil(info.outHeight / blockRows)
    const parts = backend.makeOutput([units, ...filterShape], 'float32')
    const done = engine.run({
      ...sizes(info),
      kind: depthwiseFilterGradientKind,
      units,
      blockRows,
      scratch,
      input: addressOf(backend, x),
      other: addressOf(backend, dy),
      output: addressOf(backend, parts),
    })
    const dw = done ? tensorOf(backend, filterShape, sumsOf(backend, parts, units)) : undefined
    free(backend, parts)
    return dw ?? depthwiseBackpropFilter.kernelFunc(call)
  },
}

/** Rows of dy that go together, and the memory for what of them is copied, as assembly/depthwise-filter-gradient.ts lays it out. */
function blocksOf(info: backend_util.Conv2DInfo): { blockRows: number; scratch: number } {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, outHeight } = info
  const width = info.outWidth + (info.outWidth % 2)
  const across = (width - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1
  const reach = (filterHeight - 1) * dilationHeight
  const down = (rows: number): number => (rows - 1) * strideHeight + reach + 1
  const bytes = 4 * blockChannels
  const fitting = Math.ceil((blockBytes / (bytes * across) - reach) / strideHeight)
  const blockRows = Math.min(outHeight, Math.max(fitting, 2 + Math.ceil(reach / strideHeight)))
  return { blockRows, scratch: bytes * (filterHeight * filterWidth + blockRows * width + down(blockRows) * across) }
}

/** The sum over the units of `[units, ...]`. */
function sumsOf(backend: BackendWasm, parts: TensorInfo, units: number): Float32Array {
  const heap = heapOf(backend)
  const size = sizeOf(parts.shape) / units
  const sums = new Float64Array(size)
  let at = offsetOf(backend, parts)
  for (let unit = 0; unit < units; unit++) for (let i = 0; i < size; i++) sums[i]! += heap[at++]!
  return Float32Array.from(sums)
}

/** The gradient of a strided depthwise convolution for its input. At stride 1 it is a forward convolution, which the other kernel runs. */
export const ownDepthwiseBackpropInput: WasmKernel = {
  kernelName: DepthwiseConv2dNativeBackpropInput,
  kernelFunc: (call) => {
    const { backend, inputs, attributes } = call
    const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
    const { inputShape } = attributes as unknown as { inputShape: number[] }
    const info = convolutionOf(inputShape, filter.shape, attributes as unknown as Conv2DAttributes, true)
    const engine = engineOf(backend)
    const strided = info.strideHeight * info.strideWidth > 1
    if (engine === undefined || !strided || filter.shape[3] !== 1 || sizeOf(dy.shape) === 0)
      return depthwiseBackpropInput.kernelFunc(call)
    const dx = backend.makeOutput(inputShape, 'float32')
    engine.run({
      ...sizes(info),
      zeros: 0,
      kind: depthwiseInputGradientKind,
      units: info.batchSize * info.inHeight,
      weights: addressOf(backend, filter),
      other: addressOf(backend, dy),
      output: addressOf(backend, dx),
    })
    return dx
  },
}
