import { geometryClass, reduced, valuesIn } from '../calls/geometry.ts'
import { type KernelCall, lineOf } from '../calls/kernel-call.ts'
import { collectAround } from './around.ts'
import type { CollectedCall } from './collect-kernels.ts'
import { startShapesBackend } from './shapes-backend.ts'
import { type Collected, collectForm, type Form, type Work, zooForms } from './zoo.ts'

/** Kernels by what a network was doing when they ran. */
export type KernelsByWork = Readonly<Record<Work, readonly string[]>>

/** What the networks of the zoo run: `data/zoo-kernels.json`. */
export interface ZooKernels {
  /** Calls that differ in kernel, shapes or attributes. */
  readonly distinct: number
  /** All kernels, by the alphabet. */
  readonly kernels: readonly string[]
  /** By network, in any of its forms. */
  readonly networks: Readonly<Record<string, KernelsByWork>>
  /** What losses and optimizers run beside the layers, and the methods of maps. */
  readonly around: { readonly train: readonly string[]; readonly map: readonly string[] }
  /** A call of each geometry class as a line of `lineOf`, and of how many distinct calls it is one. */
  readonly classes: Readonly<Record<string, number>>
}

/** Collects on the backend `shapes`: every network at the size that it is built for. */
export async function recordZoo(forms?: readonly Form[]): Promise<ZooKernels> {
  await startShapesBackend()
  const recorder = new Recorder()
  for (const form of forms ?? (await zooForms())) for (const each of await collectForm(form)) recorder.add(each)
  for (const each of await collectAround()) recorder.addAround(each)
  return recorder.record()
}

class Recorder {
  readonly #seen = new Set<string>()
  readonly #classes = new Map<string, { call: KernelCall; count: number }>()
  readonly #networks = new Map<string, Record<Work, Set<string>>>()
  readonly #around = { train: new Set<string>(), map: new Set<string>() }

  add({ form, work, calls }: Collected): void {
    const byWork = this.#networks.get(form.network) ?? {
      infer: new Set(),
      fused: new Set(),
      train: new Set(),
      map: new Set(),
    }
    this.#networks.set(form.network, byWork)
    for (const call of calls) {
      byWork[work].add(call.kernel)
      this.#count(call)
    }
  }

  addAround({ work, calls }: Collected): void {
    for (const call of calls) {
      this.#count(call)
      if (call.layer === undefined && call.gradientOf === undefined)
        this.#around[work as 'train' | 'map'].add(call.kernel)
    }
  }

  #count(call: CollectedCall): void {
    const line = lineOf(call)
    if (this.#seen.has(line)) return
    this.#seen.add(line)
    const key = geometryClass(call)
    const found = this.#classes.get(key)
    if (found === undefined) this.#classes.set(key, { call: reduced(call), count: 1 })
    else {
      found.count++
      if (isSimpler(call, found.call)) found.call = reduced(call)
    }
  }

  record(): ZooKernels {
    const sorted = (names: Iterable<string>): string[] => [...names].sort()
    const classes = [...this.#classes.values()].map(({ call, count }) => [lineOf(call), count] as const)
    const networks = [...this.#networks].map(([network, works]) => [
      network,
      Object.fromEntries(Object.entries(works).map(([work, names]) => [work, sorted(names)])),
    ])
    return {
      distinct: this.#seen.size,
      kernels: sorted(new Set([...this.#classes.values()].map(({ call }) => call.kernel))),
      networks: Object.fromEntries(networks) as ZooKernels['networks'],
      around: { train: sorted(this.#around.train), map: sorted(this.#around.map) },
      classes: Object.fromEntries(classes.sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }
}

/** Of two calls of a class the one with fewer values stands for it, whichever comes first. */
function isSimpler(a: KernelCall, b: KernelCall): boolean {
  const difference = valuesIn(a) - valuesIn(b)
  return difference < 0 || (difference === 0 && lineOf(a) < lineOf(b))
}
