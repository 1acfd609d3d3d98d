import { BatchNormTraining, type BatchNormTrainingAttributes } from '@cnnkit/kernels'
import { columnReduction, reduceColumns } from './column-reduction.ts'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

// Of a set of values: how many, their mean, the sum of their squared distances from it. Two sets are merged as in Chan, Golub and
// LeVeque 1979, which loses nothing where the mean is large beside the deviation, as the mean of squares does.
const merge = `
fn merge(a : vec3<f32>, b : vec3<f32>) -> vec3<f32> {
  let n = a.x + b.x;
  if (n == 0.0) { return a; }
  let share = b.x / n;
  let apart = b.y - a.y;
  return vec3<f32>(n, a.y + apart * share, a.z + b.z + apart * apart * a.x * share);
}`

const moments = {
  over: columnReduction({
    name: 'moments',
    inputs: ['x'],
    uniforms: { divisor: 'f32' },
    load: 'fn load(row : i32, channel : i32, at : i32) -> vec3<f32> { return vec3<f32>(1.0, x[at], 0.0); }',
    merge,
    results: ['all.y', 'all.z / uniforms.divisor'],
  }),
  of: columnReduction({
    name: 'moments_of_chunks',
    inputs: ['averages', 'squares'],
    uniforms: { chunk0: 'i32', rows0: 'i32' },
    load: `
fn load(row : i32, channel : i32, at : i32) -> vec3<f32> {
  let count = min(uniforms.chunk0, uniforms.rows0 - row * uniforms.chunk0);
  return vec3<f32>(f32(count), averages[at], squares[at]);
}`,
    merge,
    results: ['all.y', 'all.z / all.x'],
  }),
}

const normalize = pointwise(
  BatchNormTraining,
  [['x', 'gamma', 'beta', 'average', 'variance'], ['y']],
  { channels: 'i32', epsilon: 'f32' },
  `let channel = index % uniforms.channels;
  let scale = gamma[channel] / sqrt(variance[channel] + uniforms.epsilon);
  y[index] = (x[index] - average[channel]) * scale + beta[channel];`,
)

/** Batch norm by the statistics of the batch: one pass over x for mean and variance, one for the result. */
export const batchNormTraining: WebgpuKernel = {
  kernelName: BatchNormTraining,
  kernelFunc: ({ backend, inputs: { x, gamma, beta }, attributes }) => {
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const channels = x!.shape[x!.shape.length - 1]!
    const rows = x!.shape.reduce((all, side) => all * side, 1) / channels
    const uniforms = (divisor: number): number[] => [divisor]
    const [mean, variance] = reduceColumns(backend, moments, { inputs: [x!], rows, channels, uniforms })
    const inputs = [x!, gamma!, beta!, mean, variance]
    return [...runPointwise(backend, normalize, inputs, x!.shape, [channels, epsilon]), mean, variance]
  },
}
