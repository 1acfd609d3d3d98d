import type { Flavor, Preprocessing, Scope } from '@cnnkit/layers'
import type { WeightsSource } from '@cnnkit/weights'
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Dialect } from './dialect.ts'

/** Published weights: where they are, what network they fit, how their pictures are prepared. Plain data. */
export interface WeightsRecord {
  /** What a user names them by: `keras-in1k`. */
  readonly tag: string
  /** The flavor of the network they fit. */
  readonly flavor: string
  /** Epsilon of the norms where the file was trained with another than the flavor's. */
  readonly normEpsilon?: number
  /** The places that have them, in the order they are tried. */
  readonly sources: readonly WeightsSource[]
  /** How many the classifier tells apart. */
  readonly classes: number
  /** Their names, or the name of a list that the zoo holds. */
  readonly labels: 'imagenet-1k' | readonly string[]
  /** What was done to the pictures that they were trained on. */
  readonly preprocessing: Preprocessing
  /** SPDX identifier, or what the publisher says. */
  readonly licence: string
  /** Who published them, and where. */
  readonly publisher: string
  /** Share of ImageNet's validation pictures (of CIFAR-10's test pictures), in percent, as the source says; absent where none was published. */
  readonly accuracy?: {
    /** The most probable class is right. */
    readonly top1: number
    /** The right class is among the five most probable; absent where it was not published. */
    readonly top5?: number
    /** Who measured it. */
    readonly source: string
  }
}

/** A published form of a network: what its blocks read, and where it differs from what the architecture says of itself. */
export interface PublishedForm extends Flavor {
  /** How its pictures are prepared; `size` is the input it was published for. */
  readonly preprocessing?: Preprocessing
  /** Share dropped before the classifier in training. */
  readonly dropout?: number
  /** The smallest height and width in pixels, where this form needs more than the architecture says. */
  readonly minimumSize?: number
  /** What height and width are a multiple of, in pixels, where the branches of a module would else hand on grids of two sizes. */
  readonly multipleOf?: number
}

/** What a head is built for. */
export interface HeadOptions {
  /** How many outputs there are. */
  readonly classes: number
  /** Share dropped in training, 0 to 1. */
  readonly dropout: number
  /** How a last grid becomes a vector where the head pools it. */
  readonly pooling: 'avg' | 'max'
}

/** A second classifier on a grid inside the network, which helps training and is dropped afterwards. */
export interface AuxiliaryHead {
  /** The first segment of its layers' paths: `aux1`. */
  readonly path: string
  /** Where it branches off: the output of what stands under this path. */
  readonly at: string
  /** The flavors that have it; all of the architecture's unless said. */
  readonly flavors?: readonly string[]
  /** The smallest height and width of the input in pixels, where the head needs more than the network does. */
  readonly minimumSize?: number
  /** From that grid to logits `[batch, classes]`, the layer `aux1.logits`. */
  logits(x: SymbolicTensor, scope: Scope, options: Pick<HeadOptions, 'classes'>): SymbolicTensor
}

/** One network of the zoo: its body, its flavors, the names its checkpoints use, and the weights that were published. */
export interface Architecture {
  /** What a user names it by: `resnet50`. */
  readonly name: string
  /** From the input `[batch, height, width, channels]` to the last grid, stem and stages. */
  body(x: SymbolicTensor, scope: Scope): SymbolicTensor
  /**
   * From the last grid to logits, `[batch, classes]`, all layers under the scope `head` and `head.logits` the one that
   * knows the classes. Pooling, dropout and one dense layer unless the network has its own.
   */
  head?(x: SymbolicTensor, scope: Scope, options: HeadOptions): SymbolicTensor
  /** In the order of the outputs, after the network's own. */
  readonly auxiliary?: readonly AuxiliaryHead[]
  /** The first is the one that is built unless weights or the user say otherwise. */
  readonly flavors: readonly PublishedForm[]
  /** The smallest height and width that reach the last grid. */
  readonly minimumSize: number
  /** The classes it was published for; 1000 unless said. */
  readonly classes?: number
  /** Share that is dropped before the classifier in training; none unless said. */
  readonly dropout?: number
  /** How pictures are prepared where no weights say it; `size` is the input it was published for. */
  readonly preprocessing: Preprocessing
  /** The names that published files use. */
  readonly dialects: readonly Dialect[]
  /** The first is the default. */
  readonly records: readonly WeightsRecord[]
  /** Where it was published. */
  readonly paper: string
}
