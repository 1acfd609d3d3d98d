import * as at from './job-fields.ts'

/** The fields of job-fields.ts without `At`. */
type Field = { [Name in keyof typeof at]: Name extends `${infer Field}At` ? Field : never }[keyof typeof at]
/** What {@link JobArea} and the threads write themselves. */
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

const places: ReadonlyMap<string, number> = new Map(
  Object.entries(at).flatMap(([name, word]) => (name.endsWith('At') ? [[name.slice(0, -2), word] as const] : [])),
)

/** The words of a job whose addresses are not known yet: what a plan comes to, kept for the next call. */
export interface Planned extends Required<Pick<Job, 'scratch' | 'zeros'>> {
  readonly words: Int32Array
}

/** A planned job and where its tensors lie, in bytes; 0 where there is none. */
export interface PlannedJob extends Required<Pick<Job, 'input' | 'weights' | 'output' | 'bias' | 'residual'>> {
  readonly planned: Planned
}

/** Writes a job down, to be run with addresses. */
export function planned(job: Job): Planned {
  const words = new Int32Array(at.jobWords)
  write(words, new Float32Array(words.buffer), job)
  return { words, scratch: job.scratch ?? 0, zeros: job.zeros ?? 0 }
}

/** Where the kernels read jobs. */
export class JobArea {
  readonly #memory: WebAssembly.Memory
  readonly #address: number
  #words: Int32Array
  #floats: Float32Array

  constructor(memory: WebAssembly.Memory, address: number) {
    this.#memory = memory
    this.#address = address
    this.#words = new Int32Array(memory.buffer, address, at.jobWords)
    this.#floats = new Float32Array(memory.buffer, address, at.jobWords)
  }

  /** Writes a job but for the fields that threads share. */
  write(job: Job | PlannedJob, room: { readonly scratch: number; readonly zeros: number }): void {
    const words = this.words
    if ('planned' in job) {
      const { words: from } = job.planned
      words[at.kindAt] = from[at.kindAt]!
      words[at.unitsAt] = from[at.unitsAt]!
      for (let i = at.inputAt; i < at.jobWords; i++) words[i] = from[i]!
      words[at.inputAt] = job.input
      words[at.weightsAt] = job.weights
      words[at.outputAt] = job.output
      words[at.biasAt] = job.bias
      words[at.residualAt] = job.residual
    } else write(words, this.#floats, job)
    words[at.zerosAt] = room.zeros
    words[at.scratchAt] = room.scratch
  }

  /** The words of the job, made anew when the memory has grown and the old ones are gone. */
  get words(): Int32Array {
    if (this.#words.length === 0) {
      this.#words = new Int32Array(this.#memory.buffer, this.#address, at.jobWords)
      this.#floats = new Float32Array(this.#memory.buffer, this.#address, at.jobWords)
    }
    return this.#words
  }
}

function write(words: Int32Array, floats: Float32Array, job: Job): void {
  const { range = all, values = [], gathered = false, scratch = 0, zeros: _, ...fields } = job
  for (const name of optional) words[places.get(name)!] = 0
  for (const name in fields) words[places.get(name)!] = fields[name as 'units']
  words[at.scratchSizeAt] = scratch
  words[at.gatheredAt] = gathered ? 1 : 0
  floats[at.lowestAt] = range[0]
  floats[at.highestAt] = range[1]
  floats.set(values, at.valuesAt)
}

const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const

/** Addresses that mean "none" where a job does not name them. */
const optional = ['bias', 'residual', 'other', 'state', 'otherState'] as const
