import { CnnkitError } from '@cnnkit/errors'
import { localResponseNorm as normalize } from '@cnnkit/kernels'
import type { serialization, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'

/** Arguments of {@link localResponseNorm}, beside those that all layers have. */
export interface LocalResponseNormArgs {
  /** What the layer is called. */
  readonly name?: string
  /** Channels in the window, the channel itself in the middle: an odd number; 5 unless given. */
  readonly size?: number
  /** Factor of the sum of squares; 1e-4 unless given. */
  readonly alpha?: number
  /** The exponent; 0.75 unless given. */
  readonly beta?: number
  /** What the sum is added to: k in the paper, 1 in Caffe; 1 unless given. */
  readonly bias?: number
  /**
   * What alpha means: `caffe` divides it by the size, so that it weighs the mean square (Caffe, PyTorch, ONNX); `paper` takes it
   * as it is, for the sum of squares (Krizhevsky et al. 2012, TensorFlow). `caffe` unless given.
   */
  readonly convention?: 'caffe' | 'paper'
}

/**
 * Local response normalization across channels: `x / (bias + alpha' * sum of squares over the window) ** beta`, with alpha' as the
 * convention says (Krizhevsky et al. 2012, section 3.3). At the first and the last channels the window is cut off.
 *
 * TensorFlow.js has it as an operation and not as a layer. Call `registerLayers()` before a saved model that has it is loaded.
 */
export class LocalResponseNorm extends layers.Layer {
  /** What a saved model calls it. */
  static readonly className: string = 'LocalResponseNorm'
  /** Channels in the window. */
  readonly size: number
  /** Factor of the sum of squares, as the convention has it. */
  readonly alpha: number
  /** The exponent. */
  readonly beta: number
  /** What the sum is added to. */
  readonly bias: number
  /** What alpha means. */
  readonly convention: 'caffe' | 'paper'

  constructor(args: LocalResponseNormArgs = {}) {
    const { size = 5, alpha = 1e-4, beta = 0.75, bias = 1, convention = 'caffe', ...rest } = args
    super(rest)
    if (!Number.isInteger(size) || size < 1 || size % 2 === 0) {
      throw new CnnkitError(
        'layers',
        'BAD_WINDOW',
        `\`size\` is ${size}; the window of local response normalization is an odd number of channels.`,
      )
    }
    this.size = size
    this.alpha = alpha
    this.beta = beta
    this.bias = bias
    this.convention = convention
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
    const { size, alpha, beta, bias, convention } = this
    return normalize(x, {
      depthRadius: (size - 1) / 2,
      alpha: convention === 'caffe' ? alpha / size : alpha,
      beta,
      bias,
    })
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape
  }

  override getConfig(): serialization.ConfigDict {
    const { size, alpha, beta, bias, convention } = this
    return { ...super.getConfig(), size, alpha, beta, bias, convention }
  }
}

/** A {@link LocalResponseNorm} layer. Throws `BAD_WINDOW` for a size that is even. */
export function localResponseNorm(args?: LocalResponseNormArgs): LocalResponseNorm {
  return new LocalResponseNorm(args)
}
