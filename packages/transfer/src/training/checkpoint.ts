import { CnnkitError } from '@cnnkit/errors'
import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { PlateauState } from '../schedules/plateau.ts'
import type { Waiting } from './gradient-sum.ts'
import type { EpochSummary } from './progress.ts'

/** Where a run keeps what it needs to go on after a stop. `checkpointFile` of `@cnnkit/transfer/checkpoint-file` is one. */
export interface CheckpointStore {
  /** What the user finds it by: a path, say. */
  readonly name: string
  /** The last checkpoint; `undefined` when there is none. */
  load(): Promise<Uint8Array | undefined>
  /** Replaces the last checkpoint, all or nothing. */
  save(bytes: Uint8Array): Promise<void>
  /** Called when the run is complete. */
  remove(): Promise<void>
}

/** Where a run stands: what a resumed one starts from. */
export interface RunState {
  /** What must be the same in the run that goes on, in words. */
  readonly run: Readonly<Record<string, string | number>>
  /** Epochs completed, and steps made in the next. */
  readonly epoch: number
  readonly step: number
  /** Sums over the steps of the unfinished epoch. */
  readonly partial: EpochSums
  readonly history: readonly EpochSummary[]
  readonly optimizerSteps: number
  /** Steps that the averages of the weights have followed. */
  readonly averageSteps: number
  /** Gradients that wait for a step. */
  readonly waiting: Waiting
  readonly plateau: PlateauState
  /** Seconds spent so far. */
  readonly seconds: number
}

/** The tensors of a run, by what they are. */
export interface RunTensors {
  /** All weights of what is trained, the moving statistics of its norms included. */
  readonly weights: readonly Tensor[]
  /** Of the optimizer. */
  readonly moments: readonly Tensor[]
  /** Of the weights; none where a recipe has no average. */
  readonly averages: readonly Tensor[]
  /** Sums that wait for a step; none between two steps. */
  readonly gradients: readonly Tensor[]
}

/** Sums over the pictures of an epoch so far. */
export interface EpochSums {
  readonly loss: number
  readonly correct: number
  readonly count: number
  readonly seconds: number
}

const FORM = 2
const magic = (form: number): string => `cnnkit checkpoint ${form}\n`
const MAGIC = magic(FORM)
const GROUPS = ['weights', 'moments', 'averages', 'gradients'] as const

type Shapes = Readonly<Record<(typeof GROUPS)[number], readonly (readonly number[])[]>>

/**
 * A run as bytes: a line that says what it is, the length of a JSON header, the header, then the tensors as float32 in
 * order, little-endian.
 */
export async function encodeCheckpoint(state: RunState, tensors: RunTensors): Promise<Uint8Array> {
  const all = GROUPS.flatMap((group) => tensors[group])
  const values = await Promise.all(all.map((t) => t.data() as Promise<Float32Array>))
  const shapes = Object.fromEntries(GROUPS.map((group) => [group, tensors[group].map((t) => t.shape)]))
  const header = new TextEncoder().encode(JSON.stringify({ state, shapes }))
  const start = MAGIC.length + 4 + header.length
  const bytes = new Uint8Array(start + values.reduce((sum, v) => sum + v.byteLength, 0))
  bytes.set(new TextEncoder().encode(MAGIC))
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true)
  bytes.set(header, MAGIC.length + 4)
  let offset = start
  for (const v of values) {
    bytes.set(new Uint8Array(v.buffer, v.byteOffset, v.byteLength), offset)
    offset += v.byteLength
  }
  return bytes
}

/**
 * The run that bytes hold; the caller disposes the tensors with {@link disposeRun}.
 *
 * @throws `BAD_CHECKPOINT` for bytes that are no checkpoint, one of another form, or a truncated one
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): { state: RunState; tensors: RunTensors } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  checkForm(bytes, name)
  const start = MAGIC.length + 4 + view.getUint32(MAGIC.length, true)
  if (start > bytes.length) throw broken(name, `${bytes.length} bytes, its header alone takes ${start}`)
  const { state, shapes } = parse(bytes.subarray(MAGIC.length + 4, start), name)
  const sizeOf = (shape: readonly number[]): number => shape.reduce((n, side) => n * side, 1)
  const floats = GROUPS.flatMap((group) => shapes[group]).reduce((sum, shape) => sum + sizeOf(shape), 0)
  const expected = start + 4 * floats
  if (expected !== bytes.length) throw broken(name, `${bytes.length} bytes where it says ${expected}`)
  // A copy that starts at 0, as floats must be aligned; `slice` of Node's Buffer would be no copy.
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length))
  let offset = 0
  const read = (group: keyof Shapes): Tensor[] =>
    shapes[group].map((shape) => {
      const part = values.slice(offset, offset + sizeOf(shape))
      offset += part.length
      return tensor(part, [...shape], 'float32')
    })
  const [weights, moments, averages, gradients] = GROUPS.map(read) as [Tensor[], Tensor[], Tensor[], Tensor[]]
  return { state, tensors: { weights, moments, averages, gradients } }
}

/** Disposes what {@link decodeCheckpoint} made. */
export function disposeRun(tensors: RunTensors): void {
  for (const group of GROUPS) dispose([...tensors[group]])
}

function checkForm(bytes: Uint8Array, name: string): void {
  const line = new TextDecoder().decode(bytes.subarray(0, MAGIC.length))
  if (line === MAGIC && bytes.length >= MAGIC.length + 4) return
  const form = /^cnnkit checkpoint (\d+)\n$/.exec(line)?.[1]
  if (form === undefined || line === MAGIC) throw broken(name, `${bytes.length} bytes that are no checkpoint`)
  throw broken(name, `form ${form}, of another version of cnnkit; this one goes on from form ${FORM}`)
}

function parse(header: Uint8Array, name: string): { state: RunState; shapes: Shapes } {
  try {
    return JSON.parse(new TextDecoder().decode(header)) as ReturnType<typeof parse>
  } catch (cause) {
    throw broken(name, 'a header that cannot be read', cause)
  }
}

/**
 * Refuses to go on with another run than the one the checkpoint was made by.
 *
 * @throws `OTHER_RUN` with each thing that differs
 */
export function compareRuns(saved: RunState['run'], current: RunState['run'], name: string): void {
  const keys = [...new Set([...Object.keys(saved), ...Object.keys(current)])]
  const differing = keys.filter((key) => saved[key] !== current[key])
  if (differing.length === 0) return
  const list = differing.map((key) => `${key} was ${saved[key]} and is ${current[key]}`).join('; ')
  throw new CnnkitError(
    'transfer',
    'OTHER_RUN',
    `The checkpoint ${name} belongs to another run: ${list}. Run with the same options to go on, or delete it to start afresh.`,
  )
}

const broken = (name: string, what: string, cause?: unknown): CnnkitError =>
  new CnnkitError('transfer', 'BAD_CHECKPOINT', `The checkpoint ${name} has ${what}. Delete it to start afresh.`, {
    cause,
  })
