import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'

/** What one layer hands on for some pictures, and the gradient of their scores for it. */
export type Gradients = {
  /** `[batch, height, width, channels]` */
  readonly activations: Tensor4D
  /** `[batch, height, width, channels]` */
  readonly gradients: Tensor4D
}

/**
 * What a method may look at: a batch of pictures on its way through a network, at one layer. The functions do their work
 * when they are called first, and once, so a method costs no more than what it takes. What is here stays the procedure's;
 * what `scoreGrids`, `scoreInputs` and `gradientsOf` return is the method's to dispose.
 */
export interface Evidence {
  /** What the network was given: `[batch, height, width, channels]`. */
  readonly inputs: Tensor4D
  /** What the layer hands on: `[batch, height, width, channels]`. */
  readonly activations: Tensor4D
  /** The gradient of each picture's score for the layer: `[batch, height, width, channels]`. */
  gradients(): Tensor4D
  /** The gradient of each picture's score for the input, where each ReLU lets only positive gradients through: `[batch, height, width, channels]`. */
  guidedGradients(): Tensor4D
  /** The pictures' scores: `[batch]`. */
  scores(): Tensor1D
  /** How much each channel of the pooled grid counts for the score: `[batch, channels]`. @throws `NO_POOLING` where the layer is not pooled and then read by one linear layer */
  classWeights(): Tensor2D
  /** The scores for one picture's target that the network gives for grids in the layer's place: `[n, height, width, channels]` to `[n]`. */
  scoreGrids(grids: Tensor4D, picture: number): Tensor1D
  /** The scores for one picture's target that the network gives for other inputs: `[n, height, width, channels]` to `[n]`. */
  scoreInputs(inputs: Tensor4D, picture: number): Tensor1D
  /** Activations and gradients for other inputs, one for each picture, with the pictures' targets. */
  gradientsOf(inputs: Tensor4D): Gradients
}

/** What every method says of itself. */
export interface MethodBase {
  /** What the maps say they were made by: `grad-cam`. */
  readonly name: string
  /**
   * The grid that is read where no layer is asked for: of the last `stage` unless given, the one that the network averages
   * to a vector (`pooled`), or the `input` itself, which is then read whatever layer is asked for.
   */
  readonly reads?: 'stage' | 'pooled' | 'input'
}

/**
 * One idea of what in a grid counts: from the evidence to raw maps `[batch, height, width]`, before negative values are cut
 * off and the rest is scaled.
 */
export type Method = MethodBase &
  (
    | {
        /** Run within a `tidy`. */
        readonly map: (evidence: Evidence) => Tensor3D
      }
    | {
        /** For a method that waits between batches: it disposes of what it makes, but for the result. */
        readonly mapInBatches: (evidence: Evidence) => Promise<Tensor3D>
      }
  )
