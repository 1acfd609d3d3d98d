import type { WeightsInput, WeightsNotice, WeightsProgress } from '@cnnkit/weights'
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'

/** What a model is made with; every field has a default. */
export interface ModelOptions {
  /**
   * Which weights: a tag (`'keras-in1k'`), a path or URL of a file, its bytes, a data package, or `null` for fresh ones.
   * Unless given, the first weights on record for the model (and the flavor, where one is given).
   */
  readonly weights?: WeightsInput | null
  /** Whether the classifier is there; `true` unless given. Without it the model hands on the last grid, or a vector where `pooling` is given. */
  readonly includeTop?: boolean
  /** Number of classes. Another number than the weights' keeps the pretrained body under a fresh head. */
  readonly classes?: number
  /** How the last grid becomes a vector: `avg` with a top unless given. */
  readonly pooling?: 'avg' | 'max'
  /**
   * `[height, width, channels]` of the input; a side that is `null` takes any size. The published size unless given. Other
   * than 3 channels adapt pretrained weights: for one the first convolution's are summed, for n repeated and scaled by 3 / n.
   */
  readonly inputShape?: readonly [height: number | null, width: number | null, channels: number]
  /** A tensor to build on in place of an input of its own; the model begins where that tensor's graph does. */
  readonly inputTensor?: SymbolicTensor
  /** What turns logits into scores; `softmax` unless given. */
  readonly activation?: 'softmax' | 'sigmoid' | 'linear'
  /** Whether the auxiliary heads that helped training are there too, as outputs after the network's own; `false` unless given. */
  readonly auxiliary?: boolean
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
  /** Told what is no failure and yet should be known, such as weights that nobody published a hash of; `console.warn` unless given. */
  readonly onNotice?: (notice: WeightsNotice) => void
  /** A base URL, in Node also a folder, with copies of weight files: asked when no publisher could be; in Node `CNNKIT_MIRROR` says the same. */
  readonly mirror?: string
  /** Fetch nothing: weights come from the cache, or the promise rejects with `OFFLINE`; in Node `CNNKIT_OFFLINE=1` says the same. */
  readonly offline?: boolean
  /** Node: where fetched weights are kept, in place of `CNNKIT_CACHE` and the system's own folder. */
  readonly cacheDir?: string
  /** Stops loading; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}
