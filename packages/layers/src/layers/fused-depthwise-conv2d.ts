import type { FusedActivation } from '@cnnkit/kernels'
import { fused, type serialization, type Tensor, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core'
import { type Border, bordered, padOf } from './border.ts'
import { type DepthwiseConv2DArgs, StockDepthwiseConv2D } from './stock-conv.ts'

/** Arguments of {@link fusedDepthwiseConv2d}: those of `tf.layers.depthwiseConv2d` with `channelsLast`, and the border. */
export type FusedDepthwiseConv2DArgs = DepthwiseConv2DArgs & {
  /** `linear` unless given; no other can be fused. */
  readonly activation?: FusedActivation
  /** Rows and columns of zeros around the grid, `[[top, bottom], [left, right]]`, with `padding: 'valid'`; none unless given. */
  readonly border?: Border | null
}

/**
 * A depthwise convolution with a border of zeros, bias and activation in one pass, where TensorFlow.js' own layer takes one for
 * each. As that does, it leaves a dilation out of account.
 *
 * Call `registerLayers()` before a saved model that has it is loaded.
 */
export class FusedDepthwiseConv2D extends StockDepthwiseConv2D {
  /** What a saved model calls it. */
  static readonly className: string = 'FusedDepthwiseConv2D'
  /** Rows and columns of zeros around the grid. */
  readonly border: Border | null

  constructor({ border = null, ...rest }: FusedDepthwiseConv2DArgs) {
    super(rest)
    this.border = border
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
    const bias = this.bias?.read() as Tensor1D | undefined
    return fused.depthwiseConv2d({
      x,
      filter: this.depthwiseKernel.read() as Tensor4D,
      strides: this.strides,
      // An explicit border is missing from the type alone: the operation hands it on as the convolution does.
      pad: padOf(this.padding, this.border) as 'same' | 'valid',
      activation: this.activation.getClassName() as FusedActivation,
      ...(bias && { bias }),
    })
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return super.computeOutputShape(bordered(inputShape, this.border)) as (number | null)[]
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), border: this.border as unknown as serialization.ConfigDictValue }
  }
}

/** A {@link FusedDepthwiseConv2D} layer. */
export function fusedDepthwiseConv2d(args: FusedDepthwiseConv2DArgs): FusedDepthwiseConv2D {
  return new FusedDepthwiseConv2D(args)
}
