import type { LocalResponseNormAttributes } from '@cnnkit/kernels'
import { LRNGrad } from '@tensorflow/tfjs-core'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

const uniforms = { channels: 'i32', radius: 'i32', bias: 'f32', alpha: 'f32', beta: 'f32' } as const

const window = `let channel = index % uniforms.channels;
  let first = index - min(channel, uniforms.radius);
  let last = index + min(uniforms.channels - 1 - channel, uniforms.radius);`

/** What the gradient of each output hands to its neighbours' inputs, and what to its own. */
const shares = pointwise(
  'lrn_shares',
  [
    ['x', 'dy'],
    ['direct', 'around'],
  ],
  uniforms,
  `${window}
  var squares = 0.0;
  for (var at = first; at <= last; at++) { squares += x[at] * x[at]; }
  let norm = uniforms.bias + uniforms.alpha * squares;
  let own = dy[index] * pow(norm, -uniforms.beta);
  direct[index] = own;
  around[index] = own * x[index] / norm;`,
)

const gather = pointwise(
  LRNGrad,
  [['x', 'direct', 'around'], ['dx']],
  uniforms,
  `${window}
  var sum = 0.0;
  for (var at = first; at <= last; at++) { sum += around[at]; }
  dx[index] = direct[index] - 2.0 * uniforms.alpha * uniforms.beta * x[index] * sum;`,
)

/**
 * The gradient of local response normalization, in two passes over a window each. TensorFlow.js' own goes over all channels for
 * each value, and over a window for each of these.
 */
export const localResponseNormGrad: WebgpuKernel = {
  kernelName: LRNGrad,
  kernelFunc: ({ backend, inputs: { x, dy }, attributes }) => {
    const { depthRadius, bias, alpha, beta } = attributes as unknown as LocalResponseNormAttributes
    const given = [x!.shape[3]!, depthRadius, bias, alpha, beta]
    const [direct, around] = runPointwise(backend, shares, [x!, dy!], x!.shape, given)
    const [dx] = runPointwise(backend, gather, [x!, direct!, around!], x!.shape, given)
    for (const part of [direct!, around!]) backend.disposeData(part.dataId)
    return dx!
  },
}
