import { type BatchNormTrainingAttributes, BatchNormTrainingGrad } from '@cnnkit/kernels'
import { columnReduction, reduceColumns } from './column-reduction.ts'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

const merge = 'fn merge(a : vec3<f32>, b : vec3<f32>) -> vec3<f32> { return a + b; }'
const results = ['all.x', 'all.y'] as const

const sums = {
  over: columnReduction({
    name: 'batch_norm_sums',
    inputs: ['dy', 'x', 'average', 'variance'],
    uniforms: { epsilon: 'f32' },
    load: `
fn load(row : i32, channel : i32, at : i32) -> vec3<f32> {
  let z = (x[at] - average[channel]) / sqrt(variance[channel] + uniforms.epsilon);
  return vec3<f32>(dy[at] * z, dy[at], 0.0);
}`,
    merge,
    results,
  }),
  of: columnReduction({
    name: 'batch_norm_sums_of_chunks',
    inputs: ['gammas', 'betas'],
    uniforms: { chunk0: 'i32', rows0: 'i32' },
    load: 'fn load(row : i32, channel : i32, at : i32) -> vec3<f32> { return vec3<f32>(gammas[at], betas[at], 0.0); }',
    merge,
    results,
  }),
}

// With n values a channel and z = (x - mean) / sqrt(variance + epsilon):
// dx = gamma / sqrt(variance + epsilon) * (dy - sum(dy) / n - z * sum(dy * z) / n)
const spread = pointwise(
  BatchNormTrainingGrad,
  [['dy', 'x', 'gamma', 'average', 'variance', 'dgamma', 'dbeta'], ['dx']],
  { channels: 'i32', rows: 'f32', epsilon: 'f32' },
  `let channel = index % uniforms.channels;
  let scale = 1.0 / sqrt(variance[channel] + uniforms.epsilon);
  let z = (x[index] - average[channel]) * scale;
  let inner = dy[index] - (dbeta[channel] + z * dgamma[channel]) / uniforms.rows;
  dx[index] = gamma[channel] * scale * inner;`,
)

/** The gradient of batch norm in training: one pass over dy and x for the two sums of each channel, one for dx. */
export const batchNormTrainingGrad: WebgpuKernel = {
  kernelName: BatchNormTrainingGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, x, gamma, mean, variance } = inputs
    const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
    const channels = x!.shape[x!.shape.length - 1]!
    const rows = x!.shape.reduce((all, side) => all * side, 1) / channels
    const [dgamma, dbeta] = reduceColumns(backend, sums, {
      inputs: [dy!, x!, mean!, variance!],
      rows,
      channels,
      uniforms: () => [epsilon],
    })
    const from = [dy!, x!, gamma!, mean!, variance!, dgamma, dbeta]
    const [dx] = runPointwise(backend, spread, from, x!.shape, [channels, rows, epsilon])
    return [dx!, dgamma, dbeta]
  },
}
