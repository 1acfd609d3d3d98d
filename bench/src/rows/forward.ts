import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Row, Setting } from '../row.ts'

/** A network, made by cnnkit and by TensorFlow.js alone with the same weights. Each imports what it needs. */
interface Networks {
  readonly name: string
  readonly title: string
  readonly batch: number
  readonly ours: () => Promise<LayersModel>
  readonly stock: () => Promise<LayersModel>
  readonly prepare?: () => Promise<void>
}

const subject = async (model: LayersModel, batch: number, threads: number) =>
  (await import('../contenders/forward.ts')).forward(model, { batch, threads })

/** The row of a network's forward pass. */
export function forwardRow({ name, title, batch, ours, stock, prepare }: Networks): Row {
  return {
    name,
    title,
    timed: '`model.predict` of a batch that is a tensor already, until the scores can be read.',
    threads: [1, 2],
    process: 'kept',
    sameOutput: 1e-5,
    ...(prepare && { prepare }),
    contenders: [
      {
        name: 'cnnkit',
        what: '`createModel` of `@cnnkit/zoo` on `@cnnkit/backend-wasm`',
        open: async (setting: Setting) => {
          const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
          return subject(await ours(), batch, threads)
        },
      },
      {
        name: 'tfjs',
        what: 'a plain `tf.LayersModel` on `@tensorflow/tfjs-backend-wasm` as it comes: SIMD, in Node always one thread',
        open: async () => {
          const threads = await (await import('../backends/tfjs-wasm.ts')).tfjsWasm()
          return subject(await stock(), batch, threads)
        },
      },
      {
        name: 'tfjs, threads by cnnkit',
        what: 'the same with every kernel of TensorFlow.js’ own, in its threaded module, which `@cnnkit/backend-wasm` starts in Node',
        threads: [2, 4, 8],
        open: async (setting: Setting) => {
          const threads = await (await import('../backends/tfjs-wasm-on-threads.ts')).tfjsWasmOnThreads(setting)
          return subject(await stock(), batch, threads)
        },
      },
    ],
  }
}
