import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  type backend_util,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { engineOf } from '../../engine/engine.ts'
import type { Job } from '../../engine/job.ts'
import { depthwiseFilterGradientKind, depthwiseInputGradientKind } from '../../engine/job-fields.ts'
import { free, heapOf, offsetOf, sizeOf, tensorOf } from '../../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { depthwiseBackpropFilter } from '../depthwise-backprop-filter.ts'
import { depthwiseBackpropInput } from '../depthwise-backprop-input.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf } from './by-rows.ts'
import { rounded, sizes, unitsPerThread } from './plan.ts'

/** The gradient of a depthwise convolution for its filter, read in place. Several outputs a channel go to the other kernel. */
export const ownDepthwiseBackpropFilter: WasmKernel = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  kernelFunc: (call) => {
    const { backend, inputs, attributes } = call
    const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
    const { filterShape } = attributes as unknown as { filterShape: number[] }
    const engine = engineOf(backend)
    // Four channels at a time.
    const few = filterShape[2]! < 4 || filterShape[3] !== 1
    if (engine === undefined || few || sizeOf(dy.shape) * sizeOf(filterShape) === 0)
      return depthwiseBackpropFilter.kernelFunc(call)
    const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes, true)
    const plan = planOf(info, engine.threads)
    const parts = backend.makeOutput([plan.units, ...filterShape], 'float32')
    const done = engine.run({
      ...sizes(info),
      ...plan,
      input: addressOf(backend, x),
      other: addressOf(backend, dy),
      output: addressOf(backend, parts),
    })
    const dw = done ? tensorOf(backend, filterShape, sumsOf(backend, parts, plan.units)) : undefined
    free(backend, parts)
    return dw ?? depthwiseBackpropFilter.kernelFunc(call)
  },
}

/** Images of a unit, or rows of dy where they are fewer than the threads need. */
function planOf(info: backend_util.Conv2DInfo, threads: number): Job {
  const { batchSize, outHeight, inChannels, filterHeight, filterWidth, dilationHeight, dilationWidth } = info
  const wanted = threads === 1 ? 1 : unitsPerThread * threads
  const images = Math.max(1, Math.floor(batchSize / wanted))
  const blockRows = Math.ceil(outHeight / Math.max(1, Math.floor(wanted / batchSize)))
  // The sums, and the rows as assembly/depthwise-filter-gradient.ts lays them out.
  const kept = (filterHeight - 1) * dilationHeight + 1
  const across = (info.outWidth - 1) * info.strideWidth + (filterWidth - 1) * dilationWidth + 1
  const sums = 16 * Math.ceil(inChannels / 4) * filterHeight * filterWidth
  return {
    kind: depthwiseFilterGradientKind,
    units: Math.ceil(batchSize / images) * Math.ceil(outHeight / blockRows),
    rows: batchSize,
    blockRows,
    blockPanels: images,
    scratch: rounded(sums + kept * across * (4 * inChannels + 64)),
  }
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
