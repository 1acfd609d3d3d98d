import * as at from './job-fields.ts'

/** The fields of job-fields.ts without `At`. */
type Field = { [Name in keyof typeof at]: Name extends `${infer Field}At` ? Field : never }[keyof typeof at]
/** What {@link writeJob}'s caller and the threads write themselves. */
type Given = 'scratch' | 'scratchSize' | 'zeros' | 'lowest' | 'highest' | 'gathered' | 'values'
type Shared = 'kind' | 'units' | 'next' | 'open' | 'active' | 'round' | 'failed'

/** Work for the kernels of assembly/. Addresses are in bytes; fields that a kind does not read are left out. */
export interface Job extends Readonly<Partial<Record<Exclude<Field, Given | Shared>, number>>> {
  readonly kind: number
  readonly units: number
  /** Bytes of scratch memory a thread. */
  readonly scratch?: number
  /** Floats of a pixel outside the input, where a kind reads there. */
  readonly zeros?: number
  readonly gathered?: boolean
  /** The range of the activation; all numbers unless given. */
  readonly range?: readonly [number, number]
  /** Numbers of an optimizer's step, up to 8. */
  readonly values?: readonly number[]
}

const words: ReadonlyMap<string, number> = new Map(
  Object.entries(at).flatMap(([name, word]) => (name.endsWith('At') ? [[name.slice(0, -2), word] as const] : [])),
)

/** Writes a job where the kernels read it, but for the fields that threads share. */
export function writeJob(
  memory: WebAssembly.Memory,
  address: number,
  job: Job,
  room: { readonly scratch: number; readonly zeros: number },
): void {
  const { range = all, values = [], gathered = false, scratch = 0, zeros: _, ...fields } = job
  const integers = new Int32Array(memory.buffer, address, at.jobWords)
  for (const name of optional) integers[words.get(name)!] = 0
  for (const name in fields) integers[words.get(name)!] = fields[name as 'units']
  integers[at.zerosAt] = room.zeros
  integers[at.scratchAt] = room.scratch
  integers[at.scratchSizeAt] = scratch
  integers[at.gatheredAt] = gathered ? 1 : 0
  const floats = new Float32Array(memory.buffer, address, at.jobWords)
  floats[at.lowestAt] = range[0]
  floats[at.highestAt] = range[1]
  floats.set(values, at.valuesAt)
}

const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const

/** Addresses that mean "none" where a job does not name them. */
const optional = ['bias', 'residual', 'other', 'state', 'otherState'] as const
