import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { env, findBackendFactory } from '@tensorflow/tfjs-core'
import type { Opened, Platform } from '../driver.ts'
import { startWorker } from '../engine/worker.browser.ts'
import { type WasmOptions, wantedThreads } from '../options.ts'
import { poolThreads } from './pool-threads.ts'
import { supportsSimd } from './simd.ts'

/** Browsers and their workers: TensorFlow.js' own start. */
export const browser: Platform = {
  probe: () => (typeof WebAssembly === 'object' ? undefined : 'This browser has no WebAssembly.'),
  open,
  startWorker,
}

/** The factory that the package registers as it loads, kept for a start after a failed one. */
let factory: (() => Promise<BackendWasm>) | undefined

async function open(options: WasmOptions): Promise<Opened> {
  const cores = navigator.hardwareConcurrency ?? 1
  const wanted = wantedThreads(options.threads, Math.ceil(cores / 2))
  const tfjs = await import('@tensorflow/tfjs-backend-wasm')
  factory ??= findBackendFactory('wasm') as () => Promise<BackendWasm>
  if (options.wasmPaths !== undefined) tfjs.setWasmPaths(options.wasmPaths)
  tfjs.setThreadsCount(poolThreads(options, wanted))
  if (wanted === 1) env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  const threaded = wanted > 1 && (await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) === true
  const backend = await factory().catch((error: unknown) => {
    throw new Error(
      `${messageOf(error)} Give the URLs of the three .wasm files of @tensorflow/tfjs-backend-wasm as wasmPaths, and reload the page.`,
    )
  })
  const simd = supportsSimd()
  const own = options.kernels !== 'stock' && simd
  const threads = own ? (threaded ? wanted : 1) : tfjs.getThreadsCount()
  const note = whyFewer(wanted, threads, cores)
  return {
    backend,
    report: {
      backend: 'wasm',
      device: 'CPU',
      threads,
      details: {
        simd: simd ? 'yes' : 'no',
        module: `tfjs-backend-wasm${threaded && simd ? '-threaded' : ''}${simd ? '-simd' : ''}.wasm`,
        tfjs: tfjs.version_wasm,
        ...(note === undefined ? {} : { note }),
      },
    },
  }
}

/** Why the kernels run on fewer threads than asked for. */
function whyFewer(wanted: number, threads: number, cores: number): string | undefined {
  if (threads >= wanted) return undefined
  if (!globalThis.crossOriginIsolated) {
    return 'One thread, as the page is not cross-origin isolated: serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp".'
  }
  return `${threads} of ${wanted} threads, as TensorFlow.js takes at most half of the ${cores} cores in a browser.`
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | undefined)?.message
  return typeof message === 'string' ? message : String(error)
}
