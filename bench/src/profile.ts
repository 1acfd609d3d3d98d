// Where the time of a forward pass goes: `profile.js <network> [--threads 2] [--batch 8] [--kernels stock]`.
import { parseArgs } from 'node:util'
import { wasm } from '@cnnkit/backend-wasm'
import { fuse } from '@cnnkit/layers'
import type { ModelName } from '@cnnkit/zoo'
import {
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { forward } from './contenders/forward.ts'
import { fromZoo } from './networks/topology.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '1' },
    batch: { type: 'string', default: '1' },
    kernels: { type: 'string', default: 'own' },
    seconds: { type: 'string', default: '3' },
  },
})
const [network = 'mobilenet_v1_100'] = positionals
const [threads, batch, seconds] = [values.threads, values.batch, values.seconds].map(Number) as [number, number, number]

/** Of the calls of one kind: milliseconds in all, how many, and multiply-accumulates. */
interface Kind {
  milliseconds: number
  calls: number
  work: number
}

const kinds = new Map<string, Kind>()
await wasm({ threads, kernels: values.kernels as 'own' | 'stock' }).start()
const subject = forward(fuse(await fromZoo(network as ModelName)), { batch, threads })
for (let i = 0; i < 3; i++) await subject.run()
const plain = await repeated()
for (const kernel of getKernelsForBackend('wasm')) watch(kernel)
await subject.run()
kinds.clear()
const watched = await repeated()
tell()
process.exit()

/** Milliseconds of a run, and how many there were. */
async function repeated(): Promise<{ milliseconds: number; runs: number }> {
  const start = performance.now()
  let runs = 0
  for (; performance.now() - start < 1000 * seconds || runs < 3; runs++) await subject.run()
  return { milliseconds: (performance.now() - start) / runs, runs }
}

/** Puts a kernel in the registry that does the same and notes how long it takes; kernels of wasm are done when they return. */
function watch(kernel: KernelConfig): void {
  unregisterKernel(kernel.kernelName, 'wasm')
  registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      const start = performance.now()
      const result = kernel.kernelFunc(call)
      // Of a concatenation they are a list.
      const inputs = (Array.isArray(call.inputs) ? {} : call.inputs) as Inputs
      const kind = kindOf(kernel.kernelName, inputs, (call.attrs ?? {}) as Attributes)
      const found = kinds.get(kind) ?? { milliseconds: 0, calls: 0, work: 0 }
      found.milliseconds += performance.now() - start
      found.calls += 1
      found.work += workOf(kernel.kernelName, inputs, [result].flat()[0] as TensorInfo)
      kinds.set(kind, found)
      return result
    },
  })
}

type Inputs = Readonly<Record<string, TensorInfo | undefined>>
type Attributes = { readonly strides?: number | readonly number[]; readonly filterSize?: number | readonly number[] }

/** The kernel, and the window and stride where it has them. */
function kindOf(name: string, { filter }: Inputs, { strides, filterSize }: Attributes): string {
  const side = (value: number | readonly number[]): number => [value].flat()[0]!
  const window = filter ? filter.shape.slice(0, 2).join('x') : filterSize && [filterSize].flat().join('x')
  return window === undefined ? name : `${name} ${window}${side(strides ?? 1) > 1 ? ` / ${side(strides!)}` : ''}`
}

/** Multiply-accumulates of convolutions and products. */
function workOf(name: string, { filter, b }: Inputs, result: TensorInfo): number {
  const size = result.shape.reduce((all, side) => all * side, 1)
  if (name.endsWith('MatMul')) return size * b!.shape.at(-2)!
  if (!filter) return 0
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number]
  return size * height * width * (outputs === 1 ? 1 : inputs)
}

function tell(): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  say(
    `${network}, batch ${batch}, threads ${threads}, ${values.kernels} kernels: ${plain.milliseconds.toFixed(1)} ms\n`,
  )
  say('| kernel | share | ms | calls | MAC/ns |')
  say('| --- | --- | --- | --- | --- |')
  const sorted = [...kinds].sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
  const row = (name: string, milliseconds: number, rest: readonly string[]): void => {
    const share = (100 * milliseconds) / watched.milliseconds
    if (share >= 0.5) say(`| ${[name, `${share.toFixed(1)} %`, milliseconds.toFixed(2), ...rest].join(' | ')} |`)
  }
  let inside = 0
  for (const [kind, { milliseconds, calls, work }] of sorted) {
    inside += milliseconds / watched.runs
    const rate = work > 0 ? (work / milliseconds / 1e6).toFixed(1) : ''
    row(kind, milliseconds / watched.runs, [`${calls / watched.runs}`, rate])
  }
  row('outside of kernels', watched.milliseconds - inside, ['', ''])
}
