import { isCnnkitError } from '@cnnkit/errors'
import type { WeightFile } from '../weight-file.ts'

/** A damaged copy of a file. */
export interface Mutant {
  readonly bytes: Uint8Array
  /** What was done to it, for the message of a failure. */
  readonly what: string
  /** The bytes that differ lie in this range; to the end of the file where its length has changed. */
  readonly from: number
  readonly to: number
}

export interface FuzzOptions {
  readonly count: number
  readonly seed: number
  /** Where tensors' values lie: damage that stays inside one of them is not noticed, and changes neither names nor shapes. */
  readonly payload?: readonly (readonly [from: number, to: number])[]
  /** Half of the damage is done before this place, where headers are: a tenth of the file unless said. */
  readonly head?: number
  /** A case may take so many milliseconds; 10,000 unless said, since the machine may have other work. */
  readonly deadline?: number
}

/**
 * Opens and reads damaged copies of a file. Each is read whole, with as many values as its shapes say, or refused with a
 * CnnkitError, in time. Gives how often each happened (`read`, or the error's code); what is neither throws.
 */
export async function fuzz(
  original: Uint8Array,
  open: (bytes: Uint8Array) => Promise<WeightFile>,
  options: FuzzOptions,
): Promise<Map<string, number>> {
  const signature = signatureOf(await open(original))
  const outcomes = new Map<string, number>()
  for (const mutant of mutants(original, options)) {
    const began = performance.now()
    const harmless = options.payload?.some(([from, to]) => from <= mutant.from && mutant.to <= to) ?? false
    const outcome = await open(mutant.bytes)
      .then(async (file) => {
        await readAll(file)
        if (harmless && signatureOf(file) !== signature) throw new Error('it has other tensors than the original')
        return 'read'
      })
      .catch((error) => {
        if (isCnnkitError(error) && !harmless) return error.code
        throw new Error(`${mutant.what}: ${error}`, { cause: error })
      })
    const took = performance.now() - began
    if (took > (options.deadline ?? 10_000)) throw new Error(`${mutant.what}: took ${took.toFixed(0)} ms (${outcome})`)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  return outcomes
}

const signatureOf = ({ tensors }: WeightFile): string =>
  JSON.stringify(tensors.map(({ name, shape, dtype }) => [name, shape, dtype]))

async function readAll({ tensors, get }: WeightFile): Promise<void> {
  if (new Set(tensors.map(({ name }) => name)).size !== tensors.length) throw new Error('Names are there twice.')
  for (const tensor of tensors) {
    const { name, shape, byteLength } = tensor
    const expected = shape.reduce((product, size) => product * size, 1)
    if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) throw new Error(`"${name}" has shape ${shape}`)
    if (!Number.isSafeInteger(byteLength) || byteLength < 0) throw new Error(`"${name}" has ${byteLength} bytes`)
    if (get(name) !== tensor) throw new Error(`"${name}" is not found by its name`)
    const { length } = await tensor.read()
    if (length !== expected) throw new Error(`"${name}" of shape ${shape} has ${length} values`)
  }
}

/** Numbers that sizes, offsets and counts break at. */
const boundaries = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn]
const boundaries64 = [2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]

/** Damaged copies of a file, always the same ones for a seed. */
function* mutants(file: Uint8Array, { count, seed, head }: FuzzOptions): Generator<Mutant> {
  // A copy, since `slice` of a Node Buffer would be a view of it.
  const original = new Uint8Array(file)
  const below = randomBelow(seed)
  const early = Math.min(original.length, head ?? Math.ceil(original.length / 10))
  const place = (): number => below(below(2) === 0 ? early : original.length)
  for (let round = 0; round < count; round++) {
    const kind = below(kinds.length)
    const { bytes, did, from, to } = (kinds[kind] as Kind)(original, place(), below)
    yield { bytes, what: `case ${round} of seed ${seed}: ${did} at ${from}`, from, to }
  }
}

/** A whole number from 0 up to, but not including, `limit`. */
type Below = (limit: number) => number
type Damage = { readonly bytes: Uint8Array; readonly did: string; readonly from: number; readonly to: number }
type Kind = (original: Uint8Array, at: number, below: Below) => Damage

const kinds: readonly Kind[] = [
  function flipBit(original, at, below) {
    const bytes = original.slice()
    bytes[at] = (bytes[at] as number) ^ (1 << below(8))
    return { bytes, did: 'a bit flipped', from: at, to: at + 1 }
  },
  function setByte(original, at, below) {
    const bytes = original.slice()
    bytes[at] = below(256)
    return { bytes, did: `byte ${bytes[at]} set`, from: at, to: at + 1 }
  },
  function setDigit(original, at, below) {
    const bytes = original.slice()
    let digit = at
    while (digit < bytes.length && !isDigit(bytes[digit])) digit++
    if (digit === bytes.length) digit = at
    bytes[digit] = (below(4) === 0 ? 0x2d : 0x30) + below(10)
    return { bytes, did: 'a digit set', from: digit, to: digit + 1 }
  },
  function setBoundary(original, at, below) {
    const bytes = original.slice()
    const width = Math.min([1, 2, 4, 8][below(4)] as number, bytes.length - at)
    const all = width === 8 ? [...boundaries, ...boundaries64] : boundaries
    const value = all[below(all.length)] as bigint
    const forwards = below(4) > 0
    for (let i = 0; i < width; i++) {
      bytes[forwards ? at + i : at + width - 1 - i] = Number((value >> BigInt(8 * i)) & 0xffn)
    }
    return { bytes, did: `${value} set in ${width} bytes`, from: at, to: at + width }
  },
  function truncate(original, at) {
    return { bytes: original.slice(0, at), did: 'cut', from: at, to: original.length }
  },
  function remove(original, at, below) {
    const end = Math.min(original.length, at + 1 + below(40))
    return {
      bytes: join(original.subarray(0, at), original.subarray(end)),
      did: `${end - at} bytes removed`,
      from: at,
      to: original.length,
    }
  },
  function repeat(original, at, below) {
    const end = Math.min(original.length, at + 1 + below(40))
    return {
      bytes: join(original.subarray(0, end), original.subarray(at)),
      did: `${end - at} bytes repeated`,
      from: at,
      to: original.length,
    }
  },
  function splice(original, at, below) {
    const bytes = original.slice()
    const source = below(original.length)
    const length = Math.min(1 + below(64), original.length - Math.max(at, source))
    bytes.copyWithin(at, source, source + length)
    return { bytes, did: `${length} bytes from ${source}`, from: at, to: at + length }
  },
]

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/** mulberry32: https://github.com/cprosche/mulberry32 */
function randomBelow(seed: number): Below {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}
