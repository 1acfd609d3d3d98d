import type { WeightsInput, WeightsProgress } from '@cnnkit/weights'

/** What a model is made with; every field has a default. */
export interface ModelOptions {
  /**
   * Which weights: a tag (`'keras-in1k'`), a path or URL of a file, its bytes, a data package, or `null` for fresh ones.
   * Unless given, the first weights on record for the model.
   */
  readonly weights?: WeightsInput | null
  /** Whether the classifier is there; `true` unless given. Without it the model hands on the last grid, or a vector where `pooling` is given. */
  readonly includeTop?: boolean
  /** Number of classes. Another number than the weights' keeps the pretrained body under a fresh head. */
  readonly classes?: number
  /** How the last grid becomes a vector: `avg` with a top unless given. */
  readonly pooling?: 'avg' | 'max'
  /** `[height, width, channels]` of the input; a side that is `null` takes any size. The published size unless given. */
  readonly inputShape?: readonly [height: number | null, width: number | null, channels: number]
  /** What turns logits into scores; `softmax` unless given. */
  readonly activation?: 'softmax' | 'sigmoid' | 'linear'
  /** Share dropped before the classifier in training, 0 to 1; the publication's unless given. */
  readonly dropout?: number
  /** Which published form of the network; the weights' own unless given. */
  readonly flavor?: string
  /** Share of the old value when batch norm's moving statistics move; the flavor's unless given (0.99 in Keras; 0.9 suits a few hundred pictures). */
  readonly normMomentum?: number
  /** Makes fresh weights the same on each run. */
  readonly seed?: number
  /** Told about bytes as weights arrive. */
  readonly onProgress?: (progress: WeightsProgress) => void
  /** Stops loading; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}
