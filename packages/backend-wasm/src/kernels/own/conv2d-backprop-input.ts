import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend_util, Conv2DBackpropInput, type TensorInfo } from '@tensorflow/tfjs-core'
import { type Engine, engineOf } from '../../engine/engine.ts'
import { planned } from '../../engine/job.ts'
import { winogradKind } from '../../engine/job-fields.ts'
import { free, sizeOf } from '../../memory/heap.ts'
import { conv2dBackpropInput } from '../conv2d-backprop-input.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import { dealt, type InputPhase, inputPhases } from '../input-phases.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf } from './by-rows.ts'
import { convolve } from './conv2d.ts'
import { patchGradient, suitsPatches } from './patch-gradient.ts'
import { planOf } from './plan.ts'

/** The gradient of a convolution for its input: convolutions of dy by our own tiles, one for each phase of the stride (see ../input-phases.ts). */
export const ownConv2dBackpropInput: WasmKernel = {
  kernelName: Conv2DBackpropInput,
  kernelFunc: (call) => {
    const { backend, inputs, attributes } = call
    const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
    const { inputShape } = attributes as unknown as { inputShape: number[] }
    const info = convolutionOf(inputShape, filter.shape, attributes as unknown as Conv2DAttributes)
    const engine = engineOf(backend)
    const empty = sizeOf(dy.shape) === 0 || sizeOf(filter.shape) === 0
    if (engine === undefined || empty) return conv2dBackpropInput.kernelFunc(call)
    if (suitsPatches(info))
      return patchGradient(backend, engine, info, { dy, filter }) ?? conv2dBackpropInput.kernelFunc(call)
    let fits = true
    const dx = dealt(backend, info, inputPhases(info), (row, column) => {
      const part = onePhase(backend, engine, { info, dy, filter }, row, column)
      fits &&= part !== undefined
      return part ?? backend.makeOutput([info.batchSize, row.count, column.count, info.inChannels], 'float32')
    })
    if (fits) return dx
    free(backend, dx)
    return conv2dBackpropInput.kernelFunc(call)
  },
}

interface Gradient {
  readonly info: backend_util.Conv2DInfo
  readonly dy: TensorInfo
  readonly filter: TensorInfo
}

/** Undefined where the heap has no room. */
function onePhase(
  backend: BackendWasm,
  engine: Engine,
  { info, dy, filter }: Gradient,
  row: InputPhase,
  column: InputPhase,
): TensorInfo | undefined {
  const { batchSize, inChannels, outChannels, outHeight, outWidth } = info
  const outShape: [number, number, number, number] = [batchSize, row.count, column.count, inChannels]
  const [height, width] = [row.taps.length, column.taps.length]
  const convolution = {
    ...backend_util.computeConv2DInfo(
      [batchSize, Math.max(outHeight, height), Math.max(outWidth, width), outChannels],
      [height, width, outChannels, inChannels],
      1,
      1,
      'valid',
    ),
    // Tiles look at each pixel that they read, so a phase may begin inside dy, and end there.
    inHeight: outHeight,
    inWidth: outWidth,
    outHeight: row.count,
    outWidth: column.count,
    padInfo: { top: row.before, left: column.before, bottom: 0, right: 0, type: 'EXPLICIT' as const },
  }
  const plan = planOf(convolution, engine)
  const written = planned(plan)
  // At stride 1 the only phase takes all taps, last ones first.
  const whole = plan.kind === winogradKind && height === info.filterHeight && width === info.filterWidth
  if (whole) return convolve(backend, engine, { plan, planned: written, outShape, x: dy, filter, turned: true })
  const turned = turnedTaps(backend, engine, filter, row.taps, column.taps)
  const dx = convolve(backend, engine, { plan, planned: written, outShape, x: dy, filter: turned })
  free(backend, turned)
  return dx
}

/** Some taps of the filter, in the order given, each transposed to `[outChannels, inChannels]`. */
function turnedTaps(
  backend: BackendWasm,
  { kernels }: Engine,
  filter: TensorInfo,
  rows: readonly number[],
  columns: readonly number[],
): TensorInfo {
  const [, width, inChannels, outChannels] = filter.shape as [number, number, number, number]
  const turned = backend.makeOutput([rows.length, columns.length, outChannels, inChannels], 'float32')
  const bytes = 4 * inChannels * outChannels
  const from = addressOf(backend, filter)
  let to = addressOf(backend, turned)
  for (const row of rows) {
    for (const column of columns) {
      kernels.transpose(from + (row * width + column) * bytes, to, inChannels, outChannels)
      to += bytes
    }
  }
  return turned
}
