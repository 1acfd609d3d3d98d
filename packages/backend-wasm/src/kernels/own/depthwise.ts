import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { DepthwiseConv2dNative, FusedDepthwiseConv2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { type Engine, engineOf } from '../../engine/engine.ts'
import { type Planned, planned } from '../../engine/job.ts'
import { depthwiseKind } from '../../engine/job-fields.ts'
import { free, sizeOf } from '../../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { rangeOf } from './activation.ts'
import { addressOf } from './by-rows.ts'
import { KnownPlans, keyOf } from './known-plans.ts'
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
  if (engine === undefined) return undefined
  const known = plans.of(engine, keyOf(x, filter, attributes), () => plannedFor(engine, x, filter, attributes))
  if (known === 'not ours' || inputs.preluActivationWeights != null) return undefined
  const { planned, outShape, channels, taps } = known
  if (x.dtype !== 'float32' || filter.dtype !== 'float32') return undefined
  if (bias != null && (bias.dtype !== 'float32' || sizeOf(bias.shape) !== channels)) return undefined
  const output = backend.makeOutput(outShape, 'float32')
  const done = engine.weights.use(
    filter,
    'depthwise',
    [16 * Math.ceil(channels / 4) * taps, `${taps} ${channels}`],
    (to) => engine.kernels.packDepthwise(addressOf(backend, filter), to, taps, channels),
    (weights) =>
      engine.run({
        planned,
        input: addressOf(backend, x),
        weights,
        output: addressOf(backend, output),
        bias: bias == null ? 0 : addressOf(backend, bias),
        residual: 0,
      }),
  )
  if (done) return output
  free(backend, output)
  return undefined
}

interface Known {
  readonly planned: Planned
  readonly outShape: number[]
  readonly channels: number
  readonly taps: number
}

const plans = new KnownPlans<Known | 'not ours'>()

function plannedFor(
  { threads }: Engine,
  x: TensorInfo,
  filter: TensorInfo,
  attributes: Readonly<Record<string, unknown>>,
): Known | 'not ours' {
  const range = rangeOf(attributes.activation as string | undefined)
  const { dataFormat = 'NHWC', dilations } = attributes
  if (range === undefined || dataFormat !== 'NHWC') return 'not ours'
  const given = { ...attributes, dilations: dilations ?? 1 } as unknown as Conv2DAttributes
  const info = convolutionOf(x.shape, filter.shape, given, true)
  const { inChannels: channels, outShape } = info
  // Four channels at a time; of one input channel several outputs are rare.
  if (channels < 4 || filter.shape[2] !== channels || filter.shape[3] !== 1) return 'not ours'
  const taps = info.filterHeight * info.filterWidth
  if (sizeOf(outShape) === 0 || (threads === 1 && taps < fewestTaps)) return 'not ours'
  const rows = info.batchSize * info.outHeight
  const plan = { ...sizes(info), kind: depthwiseKind, units: rows, rows, blockRows: 1, blockPanels: 1, range }
  return { planned: planned(plan), outShape, channels, taps }
}
