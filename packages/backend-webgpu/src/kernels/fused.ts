import {
  type FusedActivation,
  FusedConv2DAdd,
  type FusedConv2DAttributes,
  ScaleShift,
  type ScaleShiftAttributes,
} from '@cnnkit/kernels'
import { FusedConv2D, getKernel, type TensorInfo } from '@tensorflow/tfjs-core'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

/** The bounds of an activation: a linear one has none. */
const bounds: Readonly<Record<FusedActivation, readonly [low: number, high: number]>> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
}

const scale = pointwise(
  ScaleShift,
  [['x', 'scale', 'shift'], ['y']],
  { channels: 'i32', low: 'f32', high: 'f32' },
  `let channel = index % uniforms.channels;
  y[index] = clamp(x[index] * scale[channel] + shift[channel], uniforms.low, uniforms.high);`,
)

const sum = pointwise(
  'sum_activated',
  [['x', 'residual'], ['y']],
  { low: 'f32', high: 'f32' },
  'y[index] = clamp(x[index] + residual[index], uniforms.low, uniforms.high);',
)

/** `activation(x * scale + shift)` for each channel, in one pass. */
export const scaleShift: WebgpuKernel = {
  kernelName: ScaleShift,
  kernelFunc: ({ backend, inputs: { x, scale: factor, shift }, attributes }) => {
    const { activation } = attributes as unknown as ScaleShiftAttributes
    const uniforms = [factor!.shape[0]!, ...bounds[activation]]
    return runPointwise(backend, scale, [x!, factor!, shift!], x!.shape, uniforms)[0]!
  },
}

/** TensorFlow.js' fused convolution, then the residual and the activation in one pass. */
export const fusedConv2dAdd: WebgpuKernel = {
  kernelName: FusedConv2DAdd,
  kernelFunc: ({ backend, inputs: { x, filter, bias, residual }, attributes }) => {
    const { activation, ...rest } = attributes as unknown as FusedConv2DAttributes
    const attrs = { ...rest, activation: 'linear', dataFormat: 'NHWC' }
    const { kernelFunc } = getKernel(FusedConv2D, 'webgpu')
    const inputs = { x: x!, filter: filter!, bias: bias! }
    const convolved = kernelFunc({ inputs, backend, attrs: attrs as never }) as TensorInfo
    const [y] = runPointwise(backend, sum, [convolved, residual!], residual!.shape, bounds[activation])
    backend.disposeData(convolved.dataId)
    return y!
  },
}
