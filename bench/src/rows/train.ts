import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Contender, Row, Setting } from '../row.ts'

/** A network to be trained, made by cnnkit and by TensorFlow.js alone with the same weights. Each imports what it needs. */
interface Networks {
  readonly name: string
  readonly title: string
  readonly batch: number
  readonly ours: () => Promise<LayersModel>
  readonly stock: () => Promise<LayersModel>
  readonly sameOutput: number | string
  /** Whether TensorFlow.js' cpu backend takes part: a step takes minutes. */
  readonly onCpu?: boolean
  readonly prepare?: () => Promise<void>
}

const subject = async (model: LayersModel, batch: number, threads: number) =>
  (await import('../contenders/train-step.ts')).trainStep(model, { batch, threads })

/** The row of a network's training step. */
export function trainRow({ name, title, batch, ours, stock, sameOutput, onCpu = false, prepare }: Networks): Row {
  return {
    name,
    title,
    timed:
      '`model.trainOnBatch` with SGD of a batch that is a tensor already: forward, gradients, update. The output that is compared is the first loss.',
    threads: [1, 2],
    process: 'kept',
    sameOutput,
    ...(prepare && { prepare }),
    contenders: [
      {
        name: 'cnnkit',
        what: '`createModel` (with cnnkit’s `BatchNorm`) on `@cnnkit/backend-wasm` (with the gradients that TensorFlow.js’ wasm lacks)',
        open: async (setting: Setting) => {
          const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
          return subject(await ours(), batch, threads)
        },
      },
      {
        name: 'tfjs layers on our wasm',
        what: 'a plain `tf.LayersModel` with TensorFlow.js’ `BatchNormalization` on `@cnnkit/backend-wasm`: what our `BatchNorm` alone changes',
        open: async (setting: Setting) => {
          const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
          return subject(await stock(), batch, threads)
        },
      },
      ...(onCpu ? [onTfjsCpu(stock, batch)] : []),
    ],
  }
}

const onTfjsCpu = (stock: () => Promise<LayersModel>, batch: number): Contender => ({
  name: 'tfjs cpu',
  what: 'a plain `tf.LayersModel` on `@tensorflow/tfjs-backend-cpu`, the only backend of TensorFlow.js that trains in Node without native code (its wasm has no `Conv2DBackpropFilter`)',
  threads: [1],
  slow: true,
  open: async () => {
    const threads = await (await import('../backends/tfjs-cpu.ts')).tfjsCpu()
    return subject(await stock(), batch, threads)
  },
})
