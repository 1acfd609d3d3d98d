import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Conv2D, FusedConv2D, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { type Engine, engineOf } from '../../engine/engine.ts'
import { type Planned, planned } from '../../engine/job.ts'
import { winogradKind } from '../../engine/job-fields.ts'
import { free, sizeOf } from '../../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { rangeOf } from './activation.ts'
import { addressOf } from './by-rows.ts'
import { KnownPlans, keyOf } from './known-plans.ts'
import { type Plan, planOf } from './plan.ts'

/** A convolution by our own tiles. What they do not take goes to TensorFlow.js' kernel. */
export const ownConv2d: WasmKernel = {
  kernelName: Conv2D,
  kernelFunc: ({ backend, inputs, attributes }) =>
    convolution(backend, inputs, attributes) ?? stock(backend, Conv2D, inputs, attributes),
}

/** The same with bias and activation. */
export const ownFusedConv2d: WasmKernel = {
  kernelName: FusedConv2D,
  kernelFunc: ({ backend, inputs, attributes }) =>
    convolution(backend, inputs, attributes) ?? stock(backend, FusedConv2D, inputs, attributes),
}

/** A convolution, in groups or not, with what may stand behind it; undefined where our tiles do not take it. */
export function convolution(
  backend: BackendWasm,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
): TensorInfo | undefined {
  const { x, filter, bias, residual } = inputs as Record<'x' | 'filter', TensorInfo> &
    Partial<Record<'bias' | 'residual', TensorInfo>>
  const engine = engineOf(backend)
  if (engine === undefined) return undefined
  const planned = plans.of(engine, keyOf(x, filter, attributes), () => plannedFor(engine, x, filter, attributes))
  if (planned === 'not ours' || inputs.preluActivationWeights != null) return undefined
  const { plan, outShape } = planned
  if (x.dtype !== 'float32' || filter.dtype !== 'float32') return undefined
  if (bias != null && (bias.dtype !== 'float32' || sizeOf(bias.shape) !== plan.outPixel)) return undefined
  if (residual !== undefined && (residual.dtype !== 'float32' || !util.arraysEqual(residual.shape, outShape)))
    return undefined
  return convolve(backend, engine, { ...planned, x, filter, bias: bias ?? undefined, residual })
}

type Known = Pick<Convolution, 'plan' | 'planned'> & { readonly outShape: number[] }

const plans = new KnownPlans<Known | 'not ours'>()

function plannedFor(
  engine: Engine,
  x: TensorInfo,
  filter: TensorInfo,
  attributes: Readonly<Record<string, unknown>>,
): Known | 'not ours' {
  const range = rangeOf(attributes.activation as string | undefined)
  const { dataFormat = 'NHWC' } = attributes
  if (range === undefined || dataFormat !== 'NHWC') return 'not ours'
  const groups = (attributes.groups as number | undefined) ?? 1
  const part = (shape: readonly number[]): number[] => [...shape.slice(0, 3), shape[3]! / groups]
  const info = convolutionOf(part(x.shape), part(filter.shape), attributes as unknown as Conv2DAttributes)
  if (filter.shape[2] !== info.inChannels || sizeOf(info.outShape) === 0 || sizeOf(filter.shape) === 0)
    return 'not ours'
  const plan = { ...planOf(info, engine), inPixel: x.shape[3]!, outPixel: filter.shape[3]! }
  const outShape = [...info.outShape.slice(0, 3), plan.outPixel]
  return { plan, planned: planned({ ...plan, range }), outShape }
}

interface Convolution {
  readonly plan: Plan
  /** The plan written down, with the range of an activation. */
  readonly planned: Planned
  readonly outShape: number[]
  readonly x: TensorInfo
  readonly filter: TensorInfo
  /** Whether a plan by Winograd's tiles takes the filter by half a turn, from output to input: for a gradient, where it changes with each step. */
  readonly turned?: boolean
  readonly bias?: TensorInfo | undefined
  /** Added before the activation, of the output's shape. */
  readonly residual?: TensorInfo | undefined
}

/** Runs a plan, and gives a tensor that the caller disposes of; undefined where the heap has no room. */
export function convolve(backend: BackendWasm, engine: Engine, convolution: Convolution): TensorInfo | undefined {
  const { plan, outShape } = convolution
  const output = backend.makeOutput(outShape, 'float32')
  for (let group = 0; group * plan.outChannels < plan.outPixel; group++) {
    if (convolveGroup(backend, engine, convolution, output, group)) continue
    free(backend, output)
    return undefined
  }
  return output
}

/** A group of channels, read and written where they lie among the others; false where the heap has no room. */
function convolveGroup(
  backend: BackendWasm,
  { kernels, weights, run }: Engine,
  { plan, planned, x, filter, turned, bias, residual }: Convolution,
  output: TensorInfo,
  group: number,
): boolean {
  const { inChannels, outChannels, outPixel } = plan
  const firstOutput = 4 * group * outChannels
  const taps = plan.filterHeight * plan.filterWidth
  const winograd = plan.kind === winogradKind
  // Planes are a line of the cache apart, as in assembly/winograd-packing.ts.
  const bytes = Math.ceil(outChannels / 8) * (winograd ? 16 * (32 * inChannels + 64) : 32 * taps * inChannels)
  const pack = (to: number): void => {
    const from = addressOf(backend, filter) + firstOutput
    if (turned) kernels.packWinogradTurned(from, to, inChannels, outChannels)
    else if (winograd) kernels.packWinograd(from, to, inChannels, outChannels, outPixel)
    else kernels.packPanels(from, to, taps * inChannels, outChannels, outPixel)
  }
  const work = (packed: number): boolean =>
    run({
      planned,
      input: addressOf(backend, x) + 4 * group * inChannels,
      weights: packed,
      output: addressOf(backend, output) + firstOutput,
      bias: bias === undefined ? 0 : addressOf(backend, bias) + firstOutput,
      residual: residual === undefined ? 0 : addressOf(backend, residual),
    })
  if (turned) return weights.once(bytes, pack, work) ?? false
  const key = `${taps * inChannels} ${outChannels} ${group}`
  return weights.use(filter, winograd ? 'winograd' : 'panels', [bytes, key], pack, work) ?? false
}
