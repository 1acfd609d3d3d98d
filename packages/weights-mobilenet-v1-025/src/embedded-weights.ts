/** A tensor of the manifest. Its bytes follow those of the tensor before it, little-endian, without padding. */
export interface WeightsEntry {
  /** The name Keras gave it: `conv_dw_1_bn/moving_mean`. */
  readonly name: string
  /** Convolutions are [height, width, in, out], depthwise ones [height, width, channels, 1]. */
  readonly shape: readonly number[]
  /** How a value is stored. */
  readonly dtype: 'float32'
}

/** A group of a tfjs weights manifest: the files, and the tensors that lie in them one after the other. */
export interface WeightsGroup {
  /** File names, relative to the manifest. */
  readonly paths: readonly string[]
  /** The tensors, in the order of their bytes. */
  readonly weights: readonly WeightsEntry[]
}

/**
 * Trained weights as a package: plain data, no dependency. `openWeights` of `@cnnkit/weights` reads it, and so does
 * anything else that can read float32 values by name, shape and position.
 */
export interface EmbeddedWeights {
  /** Network and training, as in the zoo's weights records. */
  readonly tag: string
  /** How {@link EmbeddedWeights.bytes} is laid out: by a tfjs weights manifest. */
  readonly format: 'tfjs'
  /** The tensors and their order. */
  readonly manifest: readonly WeightsGroup[]
  /** The values: a file URL in Node, the asset's URL on a page (Vite and webpack 5 see it and copy the file). */
  readonly bytes: URL
  /** Size of the file behind {@link EmbeddedWeights.bytes}. */
  readonly byteLength: number
  /** SHA-256 of that file, in hexadecimal. */
  readonly sha256: string
  /** SPDX expression; the package's NOTICE tells who holds what. */
  readonly licence: string
  /** Where the weights were taken from. */
  readonly source: string
}
