/** Rows of features that are read in any order. */
export interface FeatureRows {
  /** The rows at these places, one after the other. */
  read(indices: readonly number[]): Promise<Float32Array>
}

/** Rows of features outside memory: appended in order, read in any. */
export interface FeatureFile extends FeatureRows {
  /** How many rows were there when it was opened, from the first. */
  readonly done: number
  /** Adds whole rows at the end. Those of the last moments may be lost when the process is killed, and are then computed again. */
  append(values: Float32Array): Promise<void>
  /** When it returns, all rows outlive the process, and the machine's losing power. */
  flush(): Promise<void>
  /** Ends reading and writing; no row is removed. */
  close(): Promise<void>
}

/**
 * Where features of the frozen part are kept outside memory, so that a killed run goes on computing them where it was.
 * `featureFolder` of `@cnnkit/transfer/feature-folder` is one.
 */
export interface FeatureStore {
  /** What the user finds it by: a path, say. */
  readonly name: string
  /**
   * The rows of a key, which says what they were computed from; those of another key are never mixed in.
   *
   * @param key SHA-256 in hexadecimal
   * @param shape how many rows there will be, and how many numbers each has
   */
  open(key: string, shape: { readonly rows: number; readonly width: number }): Promise<FeatureFile>
  /** Called when the run is complete. */
  remove(): Promise<void>
}
