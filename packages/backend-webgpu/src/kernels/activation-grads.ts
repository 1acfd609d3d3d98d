import { ClipByValueGrad, type ClipByValueGradAttributes, Relu6Grad, ReluGrad } from '@cnnkit/kernels'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

const relu = pointwise(ReluGrad, [['dy', 'y'], ['dx']], {}, 'dx[index] = select(0.0, dy[index], y[index] > 0.0);')

const relu6 = pointwise(
  Relu6Grad,
  [['dy', 'y'], ['dx']],
  {},
  'dx[index] = select(0.0, dy[index], y[index] > 0.0 && y[index] < 6.0);',
)

const clip = pointwise(
  ClipByValueGrad,
  [['dy', 'x'], ['dx']],
  { low: 'f32', high: 'f32' },
  'dx[index] = select(0.0, dy[index], x[index] >= uniforms.low && x[index] <= uniforms.high);',
)

/** dy where y > 0, else 0. */
export const reluGrad: WebgpuKernel = {
  kernelName: ReluGrad,
  kernelFunc: ({ backend, inputs: { dy, y } }) => runPointwise(backend, relu, [dy!, y!], y!.shape)[0]!,
}

/** dy where 0 < y < 6, else 0. */
export const relu6Grad: WebgpuKernel = {
  kernelName: Relu6Grad,
  kernelFunc: ({ backend, inputs: { dy, y } }) => runPointwise(backend, relu6, [dy!, y!], y!.shape)[0]!,
}

/** dy where min <= x <= max, else 0. */
export const clipByValueGrad: WebgpuKernel = {
  kernelName: ClipByValueGrad,
  kernelFunc: ({ backend, inputs: { dy, x }, attributes }) => {
    const { clipValueMin, clipValueMax } = attributes as unknown as ClipByValueGradAttributes
    return runPointwise(backend, clip, [dy!, x!], x!.shape, [clipValueMin, clipValueMax])[0]!
  },
}
