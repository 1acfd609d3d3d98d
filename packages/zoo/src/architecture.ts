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
  /** Their names. */
  readonly labels: 'imagenet-1k'
  /** What was done to the pictures that they were trained on. */
  readonly preprocessing: Preprocessing
  /** SPDX identifier, or what the publisher says. */
  readonly licence: string
  /** Who published them, and where. */
  readonly publisher: string
  /** Share of ImageNet's validation pictures, in percent, as the source says; absent where none was published. */
  readonly accuracy?: {
    /** The most probable class is right. */
    readonly top1: number
    /** The right class is among the five most probable. */
    readonly top5: number
    /** Who measured it. */
    readonly source: string
  }
}

/** One network of the zoo: its body, its flavors, the names its checkpoints use, and the weights that were published. */
export interface Architecture {
  /** What a user names it by: `resnet50`. */
  readonly name: string
  /** From the input `[batch, height, width, channels]` to the last grid, stem and stages. */
  body(x: SymbolicTensor, scope: Scope): SymbolicTensor
  /** The first is the one that is built unless weights or the user say otherwise. */
  readonly flavors: readonly Flavor[]
  /** Height and width of the pictures it was published for, in pixels. */
  readonly inputSize: number
  /** The smallest height and width that reach the last grid. */
  readonly minimumSize: number
  /** Share that is dropped before the classifier in training. */
  readonly dropout: number
  /** How pictures are prepared where no weights say it. */
  readonly preprocessing: Preprocessing
  /** The names that published files use. */
  readonly dialects: readonly Dialect[]
  /** The first is the default. */
  readonly records: readonly WeightsRecord[]
  /** Where it was published. */
  readonly paper: string
}
