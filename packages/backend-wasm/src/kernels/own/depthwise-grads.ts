import {
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { engineOf } from '../../engine/engine.ts'
import { depthwiseFilterGradientKind, depthwiseInputGradientKind } from '../../engine/job-fields.ts'
import { sizeOf } from '../../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { depthwiseBackpropFilter } from '../depthwise-backprop-filter.ts'
import { depthwiseBackpropInput } from '../depthwise-backprop-input.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf } from './by-rows.ts'
import { sizes, unitsPerThread } from './plan.ts'

/** Channels of a unit at least, in fours: a line of the cache. */
const leastPanels = 4

/** The gradient of a depthwise convolution for its filter, read in place. Several outputs a channel go to the other kernel. */
export const ownDepthwiseBackpropFilter: WasmKernel = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  kernelFunc: (call) => {
    const { backend, inputs, attributes } = call
    const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
    const { filterShape } = attributes as unknown as { filterShape: number[] }
    const engine = engineOf(backend)
    if (engine === undefined || filterShape[3] !== 1 || sizeOf(dy.shape) === 0)
      return depthwiseBackpropFilter.kernelFunc(call)
    const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes, true)
    const dw = backend.makeOutput(filterShape, 'float32')
    const quads = Math.ceil(info.inChannels / 4)
    const blockPanels = Math.max(leastPanels, Math.ceil(quads / (unitsPerThread * engine.threads)))
    engine.run({
      ...sizes(info),
      kind: depthwiseFilterGradientKind,
      units: Math.ceil(quads / blockPanels),
      rows: info.batchSize * info.outHeight,
      blockPanels,
      input: addressOf(backend, x),
      other: addressOf(backend, dy),
      output: addressOf(backend, dw),
    })
    return dw
  },
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
      kind: depthwiseInputGradientKind,
      units: info.batchSize * info.inHeight,
      weights: addressOf(backend, filter),
      other: addressOf(backend, dy),
      output: addressOf(backend, dx),
    })
    return dx
  },
}
