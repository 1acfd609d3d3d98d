import { CnnkitError } from '@cnnkit/errors'

/** The three binaries of `@tensorflow/tfjs-backend-wasm`: plain, with SIMD, and with SIMD and threads. */
export type WasmFile = 'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm'

/** Options of `wasm`. */
export interface WasmOptions {
  /**
   * How many threads the kernels run on, 1 to 8; `'auto'`, which is the default, takes one for each core that the process
   * may use, and half of them in a browser. It is one where a page is not cross-origin isolated, and at most half of a browser's
   * cores on TensorFlow.js' kernels.
   */
  readonly threads?: number | 'auto'
  /**
   * Where the binaries are. In Node they come with `@tensorflow/tfjs-backend-wasm` and need no path, unless an application
   * is bundled without it: then a copy of its folder `wasm-out`. In a browser the URL of a folder with the three files, or
   * the URL of each, as a bundler gives them; without it they are looked for beside the script.
   */
  readonly wasmPaths?: string | Readonly<Record<WasmFile, string>>
  /**
   * Whose kernels run: `'own'`, which is the default, are cnnkit's, for convolutions, dense layers, norms, pools, their gradients and
   * the steps of optimizers; what they do not take goes to TensorFlow.js' kernel. `'stock'` are those of TensorFlow.js (XNNPACK), and
   * what is composed of them. Without SIMD it is `'stock'` either way.
   */
  readonly kernels?: 'own' | 'stock'
}

/** TensorFlow.js' thread pool has no more. */
const mostThreads = 8

/** The number of threads asked for, before what the platform allows. */
export function wantedThreads(threads: WasmOptions['threads'], available: number): number {
  if (threads === undefined || threads === 'auto') return Math.min(mostThreads, Math.max(1, available))
  if (Number.isInteger(threads) && threads >= 1) return Math.min(mostThreads, threads)
  throw new CnnkitError(
    'backend-wasm',
    'INVALID_OPTION',
    `threads is ${threads}. Give a whole number from 1 to ${mostThreads}, or 'auto'.`,
  )
}
