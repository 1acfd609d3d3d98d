import { engine, scalar } from '@tensorflow/tfjs-core'
import { type initializers, initializers as tfInitializers } from '@tensorflow/tfjs-layers'

/**
 * What fresh kernels are drawn from, as the source has it: by the names that Keras uses, PyTorch's two (`heNormalFanOut`
 * is `kaiming_normal_(mode='fan_out')`, `torchUniform` what its layers have by default: +-1 / sqrt(fan in)), or a normal distribution
 * of a standard deviation. `leCunUniform` is what Caffe calls Xavier.
 */
export type KernelInitializer =
  | 'glorotUniform'
  | 'glorotNormal'
  | 'heNormal'
  | 'heNormalFanOut'
  | 'heUniform'
  | 'leCunUniform'
  | 'torchUniform'
  | {
      /** Standard deviation of a normal distribution around 0: 0.01 in AlexNet. */
      readonly normal: number
    }
  | {
      /** Standard deviation of a normal distribution around 0 that is cut at two of them. */
      readonly truncatedNormal: number
    }

/**
 * What differs between two published forms of one architecture, as the fields that blocks read.
 *
 * Keras' and torchvision's ResNet-50 are different networks under one name: bias in the convolutions, epsilon, where the
 * stride stands. Each is a flavor.
 */
export interface Flavor {
  /** `'keras'`, `'torchvision'`, `'paper'`, ... */
  readonly name: string
  /** Whether a convolution that a norm follows has a bias all the same. */
  readonly convBias: boolean
  /** What `same` means where a convolution strides: TensorFlow's rule (`same`: an odd zero goes below and right) or PyTorch's (`both`: half the kernel on each side). */
  readonly stridedPadding: 'same' | 'both'
  /** Whether norms have a factor of their own for each channel (gamma); they do unless said. */
  readonly normScale?: boolean
  /** Added to the variance in every norm. */
  readonly normEpsilon: number
  /** Share of the old value when the moving statistics move. */
  readonly normMomentum: number
  /** Which variance of the batch moves the statistics of norms; see {@link BatchNormArgs}. The population's unless given. */
  readonly normVariance?: 'population' | 'sample'
  /** Which convolution of a bottleneck halves the grid. */
  readonly bottleneckStride: '1x1' | '3x3'
  /** What fresh kernels are drawn from. */
  readonly kernelInitializer: KernelInitializer
}

/** What a builder carries along: where it stands in the network, and what the flavor says. */
export interface Scope {
  /** Where the builder stands: `stage2.block1`; empty at the root. */
  readonly path: string
  /** What publications of the network differ in, for the blocks to read. */
  readonly flavor: Flavor
  /** The scope one segment further down. */
  at(segment: string): Scope
  /**
   * The initialiser for the next kernel, with a seed of its own: the flavor's, or another where the source has one for this
   * layer; one without values when weights follow.
   */
  kernelInitializer(other?: KernelInitializer): Initializer
}

/** An initialiser of TensorFlow.js. */
export type Initializer = ReturnType<typeof initializers.zeros>

/** Options of {@link rootScope}. */
export interface RootScopeOptions {
  /** The published form that is built. */
  readonly flavor: Flavor
  /** Weights are assigned right after building, so kernels start without values: drawing them costs 25 times the build, and even zeros cost more than it. */
  readonly weightsFollow?: boolean
  /** Makes fresh kernels the same on each run. */
  readonly seed?: number
}

/**
 * An initialiser that draws nothing and fills nothing: its tensors say the shape and share one number. What is built with
 * it must be assigned before it is run. It is saved as `Zeros`.
 */
export function placeholder(): Initializer {
  const initializer = tfInitializers.zeros()
  initializer.apply = (shape) => {
    const value = scalar(0)
    const { dataId, dtype } = value
    // A second owner of the number, so that it outlives `value` and goes with the weight.
    engine().backend.incRef(dataId)
    const standIn = engine().makeTensorFromDataId(dataId, shape as number[], dtype)
    value.dispose()
    return standIn
  }
  return initializer
}

// A normal distribution that is cut at two deviations has this share of its deviation left. Keras makes up for it, tfjs does not.
const LEFT = 0.8796256610342398

function drawnFrom(distribution: KernelInitializer, seed: { seed?: number }): Initializer {
  if (typeof distribution === 'object') {
    return 'normal' in distribution
      ? tfInitializers.randomNormal({ mean: 0, stddev: distribution.normal, ...seed })
      : tfInitializers.truncatedNormal({ mean: 0, stddev: distribution.truncatedNormal, ...seed })
  }
  switch (distribution) {
    case 'glorotNormal':
      return tfInitializers.varianceScaling({ scale: 1 / LEFT ** 2, mode: 'fanAvg', distribution: 'normal', ...seed })
    case 'heNormal':
      return tfInitializers.varianceScaling({ scale: 2 / LEFT ** 2, mode: 'fanIn', distribution: 'normal', ...seed })
    case 'heNormalFanOut':
      return tfInitializers.varianceScaling({ scale: 2 / LEFT ** 2, mode: 'fanOut', distribution: 'normal', ...seed })
    case 'torchUniform':
      return tfInitializers.varianceScaling({ scale: 1 / 3, mode: 'fanIn', distribution: 'uniform', ...seed })
    default:
      return tfInitializers[distribution](seed)
  }
}

/** The scope a network starts from. */
export function rootScope({ flavor, weightsFollow = false, seed }: RootScopeOptions): Scope {
  let drawn = 0
  const kernelInitializer = (other: KernelInitializer = flavor.kernelInitializer): Initializer => {
    if (weightsFollow) return placeholder()
    return drawnFrom(other, seed === undefined ? {} : { seed: seed + drawn++ })
  }
  const scopeAt = (path: string): Scope => ({
    path,
    flavor,
    at: (segment) => scopeAt(path === '' ? segment : `${path}.${segment}`),
    kernelInitializer,
  })
  return scopeAt('')
}
