import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type backend_util, Conv2DBackpropFilter, type TensorInfo } from '@tensorflow/tfjs-core'
import { type Engine, engineOf } from '../../engine/engine.ts'
import { free, sizeOf } from '../../memory/heap.ts'
import { conv2dBackpropFilter } from '../conv2d-backprop-filter.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf } from './by-rows.ts'
import { filterGradientPlan } from './filter-gradient-plan.ts'
import { sizes } from './plan.ts'

/** The gradient of a convolution for its filter by our own tiles. */
export const ownConv2dBackpropFilter: WasmKernel = {
  kernelName: Conv2DBackpropFilter,
  kernelFunc: (call) => gradient(call) ?? conv2dBackpropFilter.kernelFunc(call),
}

function gradient({ backend, inputs, attributes }: Parameters<WasmKernel['kernelFunc']>[0]): TensorInfo | undefined {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  const { filterShape } = attributes as unknown as { filterShape: number[] }
  const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes)
  const engine = engineOf(backend)
  if (engine === undefined || sizeOf(dy.shape) === 0 || sizeOf(filterShape) === 0) return undefined
  const dw = backend.makeOutput(filterShape, 'float32')
  const done = run(backend, engine, info, { x, dy, dw })
  if (done) return dw
  free(backend, dw)
  return undefined
}

function run(
  backend: BackendWasm,
  engine: Engine,
  info: backend_util.Conv2DInfo,
  { x, dy, dw }: Readonly<Record<'x' | 'dy' | 'dw', TensorInfo>>,
): boolean {
  return engine.run({
    ...sizes(info),
    zeros: Math.max(info.inChannels, info.outChannels),
    ...filterGradientPlan(info, engine),
    input: addressOf(backend, x),
    other: addressOf(backend, dy),
    output: addressOf(backend, dw),
  })
}
