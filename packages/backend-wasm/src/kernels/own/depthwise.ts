import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { DepthwiseConv2dNative, FusedDepthwiseConv2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { engineOf } from '../../engine/engine.ts'
import { depthwiseKind } from '../../engine/job-fields.ts'
import { free, sizeOf } from '../../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { rangeOf } from './activation.ts'
import { sizes } from './plan.ts'

/** A depthwise convolution, read and written in place. What it does not take goes to TensorFlow.js' kernel. */
export const ownDepthwise: WasmKernel = depthwiseKernel(DepthwiseConv2dNative)

/** The same with bias and activation. */
export const ownFusedDepthwise: WasmKernel = depthwiseKernel(FusedDepthwiseConv2D)

function depthwiseKernel(kernelName: string): WasmKernel {
  return {
    kernelName,
    kernelFunc: ({ backend, inputs, attributes }) =>
      depthwise(backend, inputs, attributes) ?? stock(backend, kernelName, inputs, attributes),
  }
}

/** On one thread XNNPACK's kernels for 3x3 are as fast or faster (measured: ours at 0.6 to 0.95 of them, at 5x5 1.4). */
const fewestTaps = 10

/** By our own kernel; undefined for what it does not take. */
export function depthwise(
  backend: BackendWasm,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
): TensorInfo | undefined {
  const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo }
  const engine = engineOf(backend)
  const range = rangeOf(attributes.activation as string | undefined)
  const { dataFormat = 'NHWC', dilations } = attributes
  if (engine === undefined || range === undefined || dataFormat !== 'NHWC') return undefined
  if (inputs.preluActivationWeights != null || x.dtype !== 'float32' || filter.dtype !== 'float32') return undefined
  const info = convolutionOf(
    x.shape,
    filter.shape,
    { ...attributes, dilations: dilations ?? 1 } as unknown as Conv2DAttributes,
    true,
  )
  // Four channels at a time; of one input channel several outputs are rare.
  if (info.inChannels < 4 || filter.shape[2] !== info.inChannels || filter.shape[3] !== 1) return undefined
  if (bias != null && (bias.dtype !== 'float32' || sizeOf(bias.shape) !== info.outChannels)) return undefined
  const few = engine.threads === 1 && info.filterHeight * info.filterWidth < fewestTaps
  if (sizeOf(info.outShape) === 0 || few) return undefined
  const at = (tensor: TensorInfo): number => backend.dataIdMap.get(tensor.dataId).memoryOffset
  const output = backend.makeOutput(info.outShape, 'float32')
  const rows = info.batchSize * info.outHeight
  const taps = info.filterHeight * info.filterWidth
  const done = engine.weights.use(
    filter,
    'depthwise',
    [16 * Math.ceil(info.inChannels / 4) * taps, `${taps} ${info.inChannels}`],
    (to) => engine.kernels.packDepthwise(at(filter), to, taps, info.inChannels),
    (weights) =>
      engine.run({
        ...sizes(info),
        kind: depthwiseKind,
        units: rows,
        rows,
        blockRows: 1,
        blockPanels: 1,
        gathered: false,
        scratch: 0,
        range,
        input: at(x),
        weights,
        output: at(output),
        bias: bias == null ? 0 : at(bias),
      }),
  )
  if (done) return output
  free(backend, output)
  return undefined
}
