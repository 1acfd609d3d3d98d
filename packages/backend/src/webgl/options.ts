/** Why a WebGL context is gone. */
export interface LostContext {
  /** `'destroyed'` where the program itself ended it, `'unknown'` for all else: the driver was reset, memory ran out, too many contexts. */
  readonly reason: 'destroyed' | 'unknown'
  /** The browser's words, if it has any. */
  readonly message: string
}

/** Options of `webgl`. */
export interface WebglOptions {
  /** Which GPU, where there are two: `'high-performance'`, which is the default, or `'low-power'`. */
  readonly powerPreference?: 'high-performance' | 'low-power'
  /**
   * What to do where WebGL is drawn by the CPU (SwiftShader, llvmpipe, Microsoft's Basic Render Driver): `'refuse'`, which is the
   * default as wasm is many times faster there, or `'allow'`, as for tests.
   */
  readonly software?: 'refuse' | 'allow'
  /**
   * Called once when the context is lost while it is in use. All tensors on it are gone: start a backend, this one or another, and
   * load the model anew. It is not called for a context that a later start replaced.
   */
  readonly onLost?: (lost: LostContext) => void
}
