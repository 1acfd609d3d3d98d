/** Why a GPU is gone, and what with it. */
export interface LostDevice {
  /** `'destroyed'` where the program itself ended it, `'unknown'` for all else: the driver was reset or updated, the GPU was taken away. */
  readonly reason: 'destroyed' | 'unknown'
  /** The browser's or driver's words. */
  readonly message: string
}

/** Options of `webgpu`. */
export interface WebgpuOptions {
  /** Which GPU, where there are two: `'high-performance'`, which is the default, or `'low-power'`. */
  readonly powerPreference?: 'high-performance' | 'low-power'
  /**
   * What to do where the only adapter runs on the CPU (SwiftShader, llvmpipe, Microsoft's Basic Render Driver): `'refuse'`, which is
   * the default as wasm is many times faster there, or `'allow'`, as for tests.
   */
  readonly software?: 'refuse' | 'allow'
  /**
   * Called once when the GPU is lost while it is in use, whatever the cause. All tensors on it are gone: start a backend, this
   * one or another, and load the model anew. It is not called for a device that a later start replaced.
   */
  readonly onLost?: (lost: LostDevice) => void
}
