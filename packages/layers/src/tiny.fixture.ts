import type { Flavor } from './scope.ts'

/** A flavor for the small networks of the tests. */
export const tiny: Flavor = {
  name: 'tiny',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}
