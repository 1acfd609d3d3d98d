// Bundled into the page of in-chromium.ts: a contender in a browser, which is told what to do from outside.
import { cnnkitWasm } from '../backends/cnnkit-wasm.ts'
import { forward } from '../contenders/forward.ts'
import { onnxRun } from '../contenders/onnx-run.ts'
import { setFormulaWeights } from '../networks/formula-weights.ts'
import type { Subject } from '../row.ts'
import type { Asked } from './in-chromium.ts'

/** What the page does for whoever opened it. */
export interface BenchDoor {
  /** Makes the contender ready and gives its number of threads. */
  open(asked: Asked): Promise<number>
  run(): Promise<void>
  output(): Promise<number[]>
}

let subject: Subject | undefined

const door: BenchDoor = {
  open: async (asked) => {
    subject = await contenders[asked.contender](asked)
    return subject.threads
  },
  run: () => subject!.run(),
  output: async () => Array.from(await subject!.output()),
}
Object.assign(globalThis, { bench: door })

const contenders: Readonly<Record<Asked['contender'], (asked: Asked) => Promise<Subject>>> = {
  cnnkit: async ({ network, form, batch, threads }) => {
    const running = await cnnkitWasm({ threads, wasmPaths: '/tfjs/' })
    const { fuse } = await import('@cnnkit/layers')
    const { createModel } = await import('@cnnkit/zoo')
    const model = await createModel(network, { weights: null, ...form })
    setFormulaWeights(model)
    return forward(fuse(model), { batch, threads: running })
  },
  tfjs: async ({ topology, batch }) => {
    const { ready, setBackend } = await import('@tensorflow/tfjs-core')
    const { getThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('/tfjs/')
    await setBackend('wasm')
    await ready()
    const { models } = await import('@tensorflow/tfjs-layers')
    const model = await models.modelFromJSON(await (await fetch(topology)).json())
    setFormulaWeights(model)
    return forward(model, { batch, threads: getThreadsCount() })
  },
  'onnxruntime-web': async ({ onnx, batch, threads }) => {
    const library = await import('onnxruntime-web/wasm')
    library.env.wasm.wasmPaths = '/ort/'
    return onnxRun(library, new Uint8Array(await (await fetch(onnx)).arrayBuffer()), { batch, threads })
  },
}
