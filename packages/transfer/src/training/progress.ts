/** What training is doing. */
export interface TrainingProgress {
  /** `features`: the frozen part is run once over the pictures; `train`: a step was made; `validate`: held-out pictures are run. */
  readonly phase: 'features' | 'train' | 'validate'
  /** From 1; 0 before the first. */
  readonly epoch: number
  /** How many there will be. */
  readonly epochs: number
  /** Batches done in this phase of the epoch. */
  readonly step: number
  /** How many batches this phase has. */
  readonly steps: number
  /** Mean over the epoch so far; absent outside `train`. */
  readonly loss?: number
  /** Share of training pictures named rightly in the epoch so far, 0 to 1; absent outside `train`. */
  readonly accuracy?: number
  /** Of the step that was made; absent outside `train`. */
  readonly learningRate?: number
  /** Pictures a second so far. */
  readonly imagesPerSecond: number
  /** Seconds until the run ends, as far as its pace so far tells. */
  readonly secondsLeft: number
}

/** What one epoch came to. */
export interface EpochSummary {
  /** From 1. */
  readonly epoch: number
  /** Mean cross-entropy over the training pictures, while the weights moved, in nats. */
  readonly loss: number
  /**
   * Share of training pictures named rightly, while the weights moved, 0 to 1. Of tags the share decided rightly; of quantities the
   * share of the training pictures' variance that is told, 1 at most.
   */
  readonly accuracy: number
  /** On the held-out pictures after the epoch; absent without any. */
  readonly validationLoss?: number
  /** Share of held-out pictures named rightly after the epoch, 0 to 1; absent without any. */
  readonly validationAccuracy?: number
  /** At the last step. */
  readonly learningRate: number
  /** How long the epoch took. */
  readonly seconds: number
}
