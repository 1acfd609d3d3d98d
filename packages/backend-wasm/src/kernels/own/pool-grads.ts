import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { AvgPoolGrad, backend_util, MaxPoolGrad, type TensorInfo } from '@tensorflow/tfjs-core'
import { averagePoolGradientKind, maxPoolGradientKind } from '../../engine/job-fields.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf, runningEngine } from './by-rows.ts'
import { sizes } from './plan.ts'
import type { PoolAttributes } from './pools.ts'

/** Channels of a unit, in fours: two lines of the cache. */
const blockPanels = 8

/** The gradient of max pooling: each dy goes to the first value of its window that is the maximum, as in TensorFlow. */
export const ownMaxPoolGrad: WasmKernel = {
  kernelName: MaxPoolGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', TensorInfo>
    return gradient(backend, maxPoolGradientKind, dy, input, output, attributes)
  },
}

/** The gradient of average pooling: each value of a window that lies on the input gets its share of dy, as the forward kernel counts them. */
export const ownAvgPoolGrad: WasmKernel = {
  kernelName: AvgPoolGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>
    return gradient(backend, averagePoolGradientKind, dy, input, undefined, attributes)
  },
}

function gradient(
  backend: BackendWasm,
  kind: number,
  dy: TensorInfo,
  input: TensorInfo,
  output: TensorInfo | undefined,
  attributes: object,
): TensorInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as PoolAttributes
  const shape = input.shape as [number, number, number, number]
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const dx = backend.makeOutput(shape, 'float32')
  runningEngine(backend).run({
    ...sizes(info),
    zeros: 0,
    kind,
    units: info.batchSize * Math.ceil(info.inChannels / (4 * blockPanels)),
    blockPanels,
    input: addressOf(backend, input),
    weights: output === undefined ? 0 : addressOf(backend, output),
    other: addressOf(backend, dy),
    output: addressOf(backend, dx),
  })
  return dx
}
