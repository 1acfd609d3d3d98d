import type { Flavor } from '@cnnkit/layers'

/** What the blocks of the tests' small networks read: as in Keras, without biases. */
export const toyFlavor: Flavor = {
  name: 'toy',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}
