/** What runs where, as a backend reports it once it has started. */
export interface BackendReport {
  /** The name TensorFlow.js knows it by: `wasm`, `webgpu`, `webgl`, `tensorflow`, `cpu`. */
  readonly backend: string
  /** The device in words: the adapter, the CUDA card, `CPU`. */
  readonly device: string
  /** Threads that kernels run on; absent where the notion does not apply. */
  readonly threads?: number
  /** The driver below the device, in words: `Vulkan 1.3, Mesa 23.1`, `CUDA 12.2, 535.129`; absent where there is none or it does not say. */
  readonly driver?: string
  /** The most bytes that tensors may take, as far as the device says. */
  readonly memoryBytes?: number
  /** In how many bits a value is stored; 32 unless given. With 16, results agree to 1e-2 and no closer. */
  readonly precision?: 16 | 32
  /** Further facts for people, `simd: yes`, `module: ...`; the keys are free. */
  readonly details: Readonly<Record<string, string>>
}

/**
 * A backend that can be chosen: what `wasm()`, `webgpu()` and their kin return and `selectBackend` takes.
 *
 * A driver does nothing until it is asked. It registers its backend and kernels with TensorFlow.js in `start`.
 */
export interface BackendDriver {
  /** The name TensorFlow.js knows the backend by. */
  readonly name: string
  /** Why it cannot run here, in one sentence that says what to do; `undefined` when it may be tried. Cheap, changes nothing. */
  probe(): Promise<string | undefined>
  /** Registers, initialises and makes the backend current. Throws a `CnnkitError` and leaves nothing registered when that fails. */
  start(): Promise<BackendReport>
}
