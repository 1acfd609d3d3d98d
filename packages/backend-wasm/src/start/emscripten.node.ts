import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { compileFunction } from 'node:vm'
import { SHARE_ENV, Worker } from 'node:worker_threads'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/** A module of TensorFlow.js, instantiated. */
export type WasmModule = BackendWasm['wasm']

/** Which files to instantiate, and with how many threads. */
export interface Files {
  /** The script that Emscripten made, `.../wasm-out/tfjs-backend-wasm.js`. */
  readonly script: string
  /** The binary. */
  readonly binary: string
  /** Whether it is the module that shares its memory. */
  readonly shared: boolean
  /** Threads of its pool, the main one among them. */
  readonly threads: number
}

type Factory = (config: object) => Promise<WasmModule>

/**
 * Instantiates a module by hand, as TensorFlow.js itself would run one thread in Node only. The script is compiled with a
 * `process` and a `global` of its own: by itself it sets `global.Worker` and adds listeners that turn every unhandled
 * rejection of the program into an exception.
 */
export async function instantiate(files: Files): Promise<WasmModule> {
  const { script, shared, threads } = files
  const source = await readFile(script, 'utf8')
  const complaints: string[] = []
  const PthreadWorker = shared ? pthreadWorker(script) : undefined
  const module: { exports: Factory | object } = { exports: {} }
  const scope = {
    module,
    exports: module.exports,
    require: requireFor(script, threads, PthreadWorker),
    __filename: script,
    __dirname: path.dirname(script),
    process: { versions: process.versions, argv: [], hrtime: process.hrtime, on() {}, exit: process.exit },
    global: { performance },
    Worker: PthreadWorker,
  }
  compileFunction(withPool(source, threads - 1), Object.keys(scope), { filename: script })(...Object.values(scope))
  try {
    const wasm = await (module.exports as Factory)({
      wasmBinary: await readFile(files.binary),
      mainScriptUrlOrBlob: script,
      locateFile: (file: string) => path.join(path.dirname(script), file),
      printErr: (line: string) => complaints.push(line),
    })
    bindTfjs(wasm)
    return wasm
  } catch (error) {
    const detail = complaints.length > 0 ? complaints.join('; ') : String(error)
    throw new Error(`${path.basename(files.binary)} cannot be instantiated: ${detail}`, { cause: error })
  }
}

/** The script starts a fixed number of workers, 8; as many as are needed save their memory and start. Without any it waits for ever. */
function withPool(source: string, workers: number): string {
  return source.replace('pthreadPoolSize=8', `pthreadPoolSize=${Math.max(1, workers)}`)
}

/** Its thread pool takes half the cores that it sees, at most. */
function requireFor(
  script: string,
  threads: number,
  PthreadWorker: typeof Worker | undefined,
): (id: string) => unknown {
  const require = createRequire(script)
  return (id) => {
    if (id === 'worker_threads') return { Worker: PthreadWorker }
    if (id === 'os') return { cpus: () => ({ length: 2 * threads }) }
    return require(id)
  }
}

/**
 * A worker that runs the script for threads, which the package carries as a string, and that never keeps the process
 * alive once it is ready: it waits in wasm for work for as long as the process lives, and ends with it.
 */
function pthreadWorker(script: string): typeof Worker {
  const file = script.replace(/\.js$/, '.worker.js')
  const { wasmWorkerContents } = createRequire(script)(file) as { wasmWorkerContents: string }
  // In the file it is a template literal, and its \n are newlines by now.
  const source = wasmWorkerContents.replaceAll('\n', '\\n')
  return class PthreadWorker extends Worker {
    constructor() {
      super(source, { eval: true, execArgv: [], env: SHARE_ENV })
    }
    /** Called when a thread starts to wait in it. */
    override ref(): void {}
  }
}

/** What TensorFlow.js' `init` adds to a module. */
function bindTfjs(wasm: WasmModule): void {
  const module = wasm as unknown as {
    cwrap(name: string, returns: string | null, takes: readonly string[]): never
    tfjs: WasmModule['tfjs']
  }
  const { cwrap } = module
  module.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  }
}
