import { CnnkitError } from '@cnnkit/errors'
import {
  cast,
  gather,
  mean,
  oneHot,
  type serialization,
  type Tensor,
  type Tensor1D,
  tidy,
  topk,
} from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers'

/** Arguments of {@link nearestVotes}, beside those that all layers have. */
export interface NearestVotesArgs {
  /** What the layer is called. */
  readonly name?: string
  /** How many of the nearest examples vote. */
  readonly neighbors: number
  /** How many classes there are. */
  readonly classes: number
}

/**
 * The last layer of a k-nearest-neighbours classifier: from the nearness of each known example, `[batch, examples]`, to each class's
 * share of the votes of the nearest, `[batch, classes]`. Its one weight, `[examples]`, holds their classes. It is not trained.
 *
 * Call `registerLayers()` before a saved model that has it is loaded.
 */
export class NearestVotes extends layers.Layer {
  /** What a saved model calls it. */
  static readonly className: string = 'NearestVotes'
  /** How many of the nearest examples vote. */
  readonly neighbors: number
  /** How many classes there are. */
  readonly classes: number
  private labels: LayerVariable | undefined

  constructor({ neighbors, classes, ...rest }: NearestVotesArgs) {
    super(rest)
    this.neighbors = neighbors
    this.classes = classes
    this.trainable = false
  }

  override build(inputShape: (number | null)[]): void {
    const examples = inputShape[1]!
    if (!(Number.isInteger(this.neighbors) && this.neighbors >= 1 && this.neighbors <= examples)) {
      throw new CnnkitError(
        'layers',
        'BAD_NEIGHBORS',
        `${this.neighbors} nearest neighbours of ${examples} examples are asked for. Give a whole number from 1 to ${examples}.`,
      )
    }
    this.labels = this.addWeight('labels', [examples], 'float32', initializers.zeros(), undefined, false)
    this.built = true
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const nearness = Array.isArray(inputs) ? inputs[0]! : inputs
      const { indices } = topk(nearness, this.neighbors)
      const classes = cast(gather(this.labels!.read(), indices), 'int32') as Tensor1D
      // Not oneHot's own dtype: TensorFlow.js' wasm backend then writes the bits of the integer 1 into floats.
      return mean(cast(oneHot(classes, this.classes), 'float32'), 1) // [batch, neighbours, classes] to [batch, classes]
    })
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return [inputShape[0]!, this.classes]
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), neighbors: this.neighbors, classes: this.classes }
  }
}

/** A {@link NearestVotes} layer. */
export function nearestVotes(args: NearestVotesArgs): NearestVotes {
  return new NearestVotes(args)
}
