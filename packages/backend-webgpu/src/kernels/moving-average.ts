import { MovingAverage, type MovingAverageAttributes } from '@cnnkit/kernels'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

const shader = pointwise(
  MovingAverage,
  [['average', 'value'], ['moved']],
  { kept: 'f32', taken: 'f32' },
  'moved[index] = uniforms.kept * average[index] + uniforms.taken * value[index];',
)

/** A step of a moving average, in one pass. */
export const movingAverage: WebgpuKernel = {
  kernelName: MovingAverage,
  kernelFunc: ({ backend, inputs: { average, value }, attributes }) => {
    const { kept, taken } = attributes as unknown as MovingAverageAttributes
    return runPointwise(backend, shader, [average!, value!], average!.shape, [kept, taken])[0]!
  },
}
