import { CnnkitError } from '@cnnkit/errors'
import { type Tensor, tensor } from '@tensorflow/tfjs-core'
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
  /** Seconds spent so far. */
  readonly seconds: number
}

/** Sums over the pictures of an epoch so far. */
export interface EpochSums {
  readonly loss: number
  readonly correct: number
  readonly count: number
  readonly seconds: number
}

const MAGIC = 'cnnkit checkpoint 1\n'

/**
 * A run as bytes: a line that says what it is, the length of a JSON header, the header, then the tensors as float32 in
 * order, little-endian.
 */
export async function encodeCheckpoint(state: RunState, tensors: readonly Tensor[]): Promise<Uint8Array> {
  const values = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>))
  const header = new TextEncoder().encode(JSON.stringify({ state, shapes: tensors.map((t) => t.shape) }))
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
 * The run that bytes hold; the caller disposes the tensors.
 *
 * @throws `BAD_CHECKPOINT` for bytes that are no checkpoint or a truncated one
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): { state: RunState; tensors: readonly Tensor[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length))
  if (magic !== MAGIC || bytes.length < MAGIC.length + 4)
    throw broken(name, `${bytes.length} bytes that are no checkpoint`)
  const start = MAGIC.length + 4 + view.getUint32(MAGIC.length, true)
  if (start > bytes.length) throw broken(name, `${bytes.length} bytes, its header alone takes ${start}`)
  const { state, shapes } = parse(bytes.subarray(MAGIC.length + 4, start), name)
  const sizes = shapes.map((shape) => shape.reduce((n, side) => n * side, 1))
  const expected = start + 4 * sizes.reduce((sum, size) => sum + size, 0)
  if (expected !== bytes.length) throw broken(name, `${bytes.length} bytes where it says ${expected}`)
  // A copy that starts at 0, as floats must be aligned; `slice` of Node's Buffer would be no copy.
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length))
  let offset = 0
  const tensors = shapes.map((shape, i) => {
    const part = values.slice(offset, offset + sizes[i]!)
    offset += sizes[i]!
    return tensor(part, [...shape], 'float32')
  })
  return { state, tensors }
}

function parse(header: Uint8Array, name: string): { state: RunState; shapes: readonly (readonly number[])[] } {
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
