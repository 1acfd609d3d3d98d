// Bundled into the page of browser tests: what they run there, by name.
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import type { ModelName } from '@cnnkit/zoo'
import { add, engine, env, getBackend, memory, tensor } from '@tensorflow/tfjs-core'
import { cpu } from '../cpu.ts'
import {
  type BackendReport,
  type BackendSelection,
  canTrain,
  doctor,
  selectBackend,
  selfTest,
} from '../index.browser.ts'
import { type LostContext, webgl } from '../webgl/index.ts'
import { type Differences, differences } from './compare.ts'
import { resultsOf, smallNetwork } from './small-network.ts'

const losses: LostContext[] = []
const driver = webgl({ software: 'allow', onLost: (lost) => losses.push(lost) })

/** The context that the backend runs on. */
const context = (): WebGL2RenderingContext =>
  (engine().backend as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu.gl

const wordsOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )

/** What a page can be asked for, by name. */
export interface Cases {
  probe(software: 'refuse' | 'allow'): Promise<string | undefined>
  start(): Promise<{ report: BackendReport; backend: string; left: number }>
  select(): Promise<BackendSelection>
  half(): Promise<{ report: BackendReport; exact: unknown }>
  compare(name: ModelName, side: number): Promise<Differences>
  doctor(): ReturnType<typeof doctor>
  canTrain(name: ModelName, side: number): Promise<Omit<ReturnType<typeof canTrain>, 'needs' | 'reasons'>>
  lose(): Promise<{
    read: unknown
    ran: unknown
    losses: LostContext[]
    report: BackendReport
    again: number | undefined
  }>
}

const cases: Cases = {
  probe: (software: 'refuse' | 'allow') => webgl({ software }).probe(),

  start: async () => {
    await cpu().start()
    const tensors = memory().numTensors
    const { report } = await selectBackend([driver])
    return { report, backend: getBackend(), left: memory().numTensors - tensors }
  },

  /** Without a GPU, where nothing is said of software. */
  select: () => selectBackend([webgl(), cpu()]),

  /** As where textures of 32 bits cannot be drawn to. */
  half: async () => {
    await import('@tensorflow/tfjs-backend-webgl')
    env().set('WEBGL_FORCE_F16_TEXTURES', true)
    const { report } = await selectBackend([driver])
    return { report, exact: await wordsOf(selfTest({ tolerance: 1e-6 })) }
  },

  compare: async (name: ModelName, side: number): Promise<Differences> => {
    await cpu().start()
    const expected = await resultsOf(name, side)
    await driver.start()
    return differences(await resultsOf(name, side), expected)
  },

  doctor: () => doctor({ drivers: [driver, cpu()] }),

  canTrain: async (name: ModelName, side: number) => {
    await driver.start()
    const model = await smallNetwork(name, side)
    const { backend, infer, train, map, missing } = canTrain(model)
    model.dispose()
    return { backend, infer, train, map, missing }
  },

  /** Loses the context while a tensor lives on it. */
  lose: async () => {
    await driver.start()
    const x = tensor(new Float32Array(5000).fill(1))
    const y = add(x, 1)
    const reading = wordsOf(y.data())
    context().getExtension('WEBGL_lose_context')!.loseContext()
    const read = await reading
    const ran = await wordsOf(Promise.resolve().then(() => add(x, y)))
    const report = await driver.start()
    const again = await add(tensor(new Float32Array(5000).fill(1)), 1).data()
    return { read, ran, losses, report, again: again[4999] }
  },
}

async function asked(): Promise<unknown> {
  const query = new URL(location.href).searchParams
  const run = cases[query.get('case') as keyof Cases] as (...given: unknown[]) => Promise<unknown>
  return run(...(JSON.parse(query.get('given')!) as unknown[]))
}

asked().then(
  (value) => Object.assign(globalThis, { result: { value } }),
  (error: Error) => Object.assign(globalThis, { result: { error: error.message } }),
)
