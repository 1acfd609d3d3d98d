import { engine, scalar } from '@tensorflow/tfjs-core'
import { type initializers, initializers as tfInitializers } from '@tensorflow/tfjs-layers'

/** How kernels are initialised when no weights follow: the names Keras uses. */
export type KernelInitializer = 'glorotUniform' | 'heNormal'

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
  /** Added to the variance in every norm. */
  readonly normEpsilon: number
  /** Share of the old value when the moving statistics move. */
  readonly normMomentum: number
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
  /** The initialiser for the next kernel: the flavor's with a seed of its own, or one without values when weights follow. */
  kernelInitializer(): Initializer
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
function placeholder(): Initializer {
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

/** The scope a network starts from. */
export function rootScope({ flavor, weightsFollow = false, seed }: RootScopeOptions): Scope {
  let drawn = 0
  const kernelInitializer = (): Initializer => {
    if (weightsFollow) return placeholder()
    return tfInitializers[flavor.kernelInitializer](seed === undefined ? {} : { seed: seed + drawn++ })
  }
  const scopeAt = (path: string): Scope => ({
    path,
    flavor,
    at: (segment) => scopeAt(path === '' ? segment : `${path}.${segment}`),
    kernelInitializer,
  })
  return scopeAt('')
}
