import { maxPool, type serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { outputSize } from '../cost/output-size.ts'

/** Arguments of {@link paddedMaxPooling2d}, beside those that all layers have. */
export interface PaddedMaxPooling2DArgs {
  /** What the layer is called. */
  readonly name?: string
  /** Side of the square window, in pixels. */
  readonly poolSize: number
  /** Step of the window. */
  readonly strides: number
  /** Rows and columns on each side of the grid that the window reaches into and that hold nothing. */
  readonly padding: number
}

/**
 * Max pooling with a border on each side that never is the maximum, as PyTorch's `MaxPool2d` with `padding`. TensorFlow.js' own
 * puts an odd row of `same` below, and a border of zeros is the maximum where values are below 0.
 *
 * Call `registerLayers()` before a saved model that has it is loaded.
 */
export class PaddedMaxPooling2D extends layers.Layer {
  /** What a saved model calls it. */
  static readonly className: string = 'PaddedMaxPooling2D'
  /** Side of the square window, in pixels. */
  readonly poolSize: number
  /** Step of the window. */
  readonly strides: number
  /** Rows and columns on each side that hold nothing. */
  readonly padding: number

  constructor({ poolSize, strides, padding, ...rest }: PaddedMaxPooling2DArgs) {
    super(rest)
    this.poolSize = poolSize
    this.strides = strides
    this.padding = padding
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
    return maxPool(x, this.poolSize, this.strides, this.padding)
  }

  override computeOutputShape([batch, height, width, channels]: (number | null)[]): (number | null)[] {
    const pooled = (side: number | null | undefined): number | null =>
      side == null ? null : outputSize(side, this.poolSize, this.padding, this.strides)
    return [batch!, pooled(height), pooled(width), channels!]
  }

  override getConfig(): serialization.ConfigDict {
    const { poolSize, strides, padding } = this
    return { ...super.getConfig(), poolSize, strides, padding }
  }
}

/** A {@link PaddedMaxPooling2D} layer. */
export function paddedMaxPooling2d(args: PaddedMaxPooling2DArgs): PaddedMaxPooling2D {
  return new PaddedMaxPooling2D(args)
}
