import { type FusedActivation, fusedConv2dAdd, fusedConv2d as fusedConvolution } from '@cnnkit/kernels'
import { type serialization, type Tensor, type Tensor1D, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core'
import { type Border, bordered, padOf } from './border.ts'
import { type Conv2DArgs, StockConv2D } from './stock-conv.ts'

/** Arguments of {@link fusedConv2d}: those of `tf.layers.conv2d` with `channelsLast`, and the border. */
export type FusedConv2DArgs = Conv2DArgs & {
  /** `linear` unless given; no other can be fused. */
  readonly activation?: FusedActivation
  /** Rows and columns of zeros around the grid, `[[top, bottom], [left, right]]`, with `padding: 'valid'`; none unless given. */
  readonly border?: Border | null
}

/**
 * A convolution with a border of zeros, a bias, an activation, and, where it is applied to two tensors, the second added before the
 * activation: what `fuse` makes of the end of a residual block.
 *
 * Its kernel is `[height, width, channels, filters]`, as TensorFlow.js' own. Call `registerLayers()` before a saved model that
 * has it is loaded.
 */
export class FusedConv2D extends StockConv2D {
  /** What a saved model calls it. */
  static readonly className: string = 'FusedConv2D'
  /** Rows and columns of zeros around the grid. */
  readonly border: Border | null

  constructor({ border = null, ...rest }: FusedConv2DArgs) {
    super(rest)
    this.border = border
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    const shapes = several(inputShape) ? inputShape : [inputShape]
    super.build(shapes[0]!)
    this.inputSpec = shapes.map(() => ({ ndim: 4 })) as typeof this.inputSpec
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x, residual] = (Array.isArray(inputs) ? inputs : [inputs]) as [Tensor4D, Tensor4D?]
    const { strides, dilationRate: dilations } = this
    const filter = this.kernel.read() as Tensor4D
    const activation = this.activation.getClassName() as FusedActivation
    const pad = padOf(this.padding, this.border)
    return tidy(() => {
      const bias = this.bias?.read() as Tensor1D | undefined
      const attributes = { strides, pad, dilations, activation }
      if (!residual) return fusedConvolution({ x, filter, ...(bias && { bias }) }, attributes)
      return fusedConv2dAdd({ x, filter, residual, bias: bias ?? zeros([this.filters]) }, attributes)
    })
  }

  override computeOutputShape(inputShape: (number | null)[] | (number | null)[][]): (number | null)[] {
    const [grid] = several(inputShape) ? inputShape : [inputShape]
    return super.computeOutputShape(bordered(grid!, this.border)) as (number | null)[]
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), border: this.border as unknown as serialization.ConfigDictValue }
  }
}

/** A {@link FusedConv2D} layer. Apply it to a grid, or to a grid and what is added to the result. */
export function fusedConv2d(args: FusedConv2DArgs): FusedConv2D {
  return new FusedConv2D(args)
}

function several(shape: (number | null)[] | (number | null)[][]): shape is (number | null)[][] {
  return Array.isArray(shape[0])
}
