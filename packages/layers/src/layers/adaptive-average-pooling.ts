import { CnnkitError } from '@cnnkit/errors'
import { concat, mean, type serialization, slice, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'

/** Arguments of {@link adaptiveAveragePooling2d}, beside those that all layers have. */
export interface AdaptiveAveragePooling2DArgs {
  /** What the layer is called. */
  readonly name?: string
  /** The grid that comes out, in pixels. */
  readonly size: readonly [height: number, width: number]
}

/**
 * Average pooling to a grid of a given size, as PyTorch's `AdaptiveAvgPool2d`: cell i of n averages the rows from floor(i h / n) to
 * ceil((i + 1) h / n), so that the windows overlap where n does not divide h. `[batch, h, w, c]` to `[batch, height, width, c]`.
 *
 * TensorFlow.js has no such layer. Call `registerLayers()` before a saved model that has it is loaded.
 */
export class AdaptiveAveragePooling2D extends layers.Layer {
  /** What a saved model calls it. */
  static readonly className: string = 'AdaptiveAveragePooling2D'
  /** The grid that comes out, in pixels. */
  readonly size: readonly [height: number, width: number]

  constructor({ size, ...rest }: AdaptiveAveragePooling2DArgs) {
    super(rest)
    if (!size.every((side) => Number.isInteger(side) && side > 0)) {
      throw new CnnkitError(
        'layers',
        'BAD_SIZE',
        `\`size\` is [${size.join(', ')}]; its sides are whole numbers from 1.`,
      )
    }
    this.size = size
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
    return tidy(() => averaged(averaged(x, 1, this.size[0]), 2, this.size[1]))
  }

  override computeOutputShape([batch, , , channels]: (number | null)[]): (number | null)[] {
    return [batch!, ...this.size, channels!]
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), size: [...this.size] }
  }
}

/** An {@link AdaptiveAveragePooling2D} layer. Throws `BAD_SIZE` for a size that no grid has. */
export function adaptiveAveragePooling2d(args: AdaptiveAveragePooling2DArgs): AdaptiveAveragePooling2D {
  return new AdaptiveAveragePooling2D(args)
}

/** One axis pooled to so many cells. */
function averaged(x: Tensor4D, axis: 1 | 2, cells: number): Tensor4D {
  const side = x.shape[axis]
  if (side === cells) return x
  const rows = Array.from({ length: cells }, (_, i) => {
    const from = Math.floor((i * side) / cells)
    const begin = [0, 0, 0, 0].map((_, a) => (a === axis ? from : 0)) as [number, number, number, number]
    const size = x.shape.map((all, a) => (a === axis ? Math.ceil(((i + 1) * side) / cells) - from : all))
    return mean(slice(x, begin, size as [number, number, number, number]), axis, true) as Tensor4D
  })
  return rows.length === 1 ? rows[0]! : concat(rows, axis)
}
