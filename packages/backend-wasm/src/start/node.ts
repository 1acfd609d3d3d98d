import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CnnkitError } from '@cnnkit/errors'
import type { Opened, Platform } from '../driver.ts'
import { startWorker } from '../engine/worker.node.ts'
import { type WasmFile, type WasmOptions, wantedThreads } from '../options.ts'
import { instantiate } from './emscripten.node.ts'
import { poolThreads } from './pool-threads.ts'
import { supportsSimd } from './simd.ts'

/** Node: the threaded module instantiated by hand, from the files of the installed package. */
export const node: Platform = {
  probe: () => (typeof WebAssembly === 'object' ? undefined : 'This runtime has no WebAssembly.'),
  open,
  startWorker,
}

async function open(options: WasmOptions): Promise<Opened> {
  const wanted = wantedThreads(options.threads, os.availableParallelism())
  const simd = supportsSimd()
  const threads = simd ? wanted : 1
  const file: WasmFile =
    threads > 1
      ? 'tfjs-backend-wasm-threaded-simd.wasm'
      : simd
        ? 'tfjs-backend-wasm-simd.wasm'
        : 'tfjs-backend-wasm.wasm'
  const { folder, binary } = locate(options.wasmPaths, file)
  const script = path.join(folder, threads > 1 ? 'tfjs-backend-wasm-threaded-simd.js' : 'tfjs-backend-wasm.js')
  const pool = poolThreads(options, threads)
  const wasm = await instantiate({ script, binary, shared: threads > 1, threads: pool })
  const { BackendWasm, setThreadsCount, version_wasm } = await import('@tensorflow/tfjs-backend-wasm')
  setThreadsCount(pool)
  const backend = new BackendWasm(wasm)
  return {
    backend,
    report: {
      backend: 'wasm',
      device: os.cpus()[0]?.model.trim() || 'CPU',
      threads,
      details: {
        simd: simd ? 'yes' : 'no',
        module: binary,
        tfjs: version_wasm,
        ...(simd ? {} : { note: 'One thread, as this processor or runtime has no SIMD for WebAssembly.' }),
      },
    },
  }
}

/** The folder with the package's scripts, and the binary to load. */
function locate(paths: WasmOptions['wasmPaths'], file: WasmFile): { folder: string; binary: string } {
  const given = typeof paths === 'object' ? paths[file] : undefined
  const folder = typeof paths === 'string' ? asPath(paths) : installed()
  return { folder, binary: given === undefined ? path.join(folder, file) : asPath(given) }
}

function asPath(pathOrUrl: string): string {
  return pathOrUrl.startsWith('file:') ? fileURLToPath(pathOrUrl) : pathOrUrl
}

function installed(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
    return path.join(path.dirname(manifest), 'wasm-out')
  } catch (error) {
    throw new CnnkitError(
      'backend-wasm',
      'MODULE_NOT_FOUND',
      'The package @tensorflow/tfjs-backend-wasm is not beside this one, as in a bundled application. Leave it out of the bundle, or give a copy of its folder wasm-out as wasmPaths.',
      { cause: error },
    )
  }
}
