// sfc32 by Chris Doty-Humphrey (PractRand): 128 bits of state, a period of at least 2^32, fast in 32-bit arithmetic.
import { CnnkitError } from '@cnnkit/errors'

/** All that a {@link Random} knows: four unsigned 32-bit numbers, plain JSON. */
export type RandomState = readonly [number, number, number, number]

/** A stream of random numbers: the same seed gives the same numbers in Node and in every browser. */
export interface Random {
  /** A number in `[0, 1)`. */
  next(): number
  /** A number in `[low, high)`. */
  uniform(low: number, high: number): number
  /** A whole number in `[0, below)`. */
  integer(below: number): number
  /** A number of the normal distribution with mean 0 and deviation 1 (Box and Muller). */
  normal(): number
  /** The items in random order, in a new array (Fisher and Yates). */
  shuffle<Item>(items: Iterable<Item>): Item[]
  /** Where the stream stands; {@link randomFromState} goes on from there. */
  getState(): RandomState
}

const WARM_UP = 15

/**
 * A seeded stream. `seed` is any whole number; streams of one seed with other `stream` numbers (the picture's number in
 * the epoch, say) are independent. Throws `INVALID_SEED`.
 */
export function random(seed: number, stream = 0): Random {
  for (const value of [seed, stream]) {
    if (!Number.isSafeInteger(value)) {
      throw new CnnkitError('images', 'INVALID_SEED', `A seed is a whole number, not ${value}.`)
    }
  }
  const fresh = randomFromState([seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1])
  for (let i = 0; i < WARM_UP; i++) fresh.next()
  return fresh
}

/** The stream that stands where {@link Random.getState} said: training that resumes draws the numbers it would have drawn. */
export function randomFromState(state: RandomState): Random {
  let [a, b, c, counter] = state
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const next = (): number => bits() / 2 ** 32
  const integer = (below: number): number => Math.floor(next() * below)
  return {
    next,
    integer,
    uniform: (low, high) => low + next() * (high - low),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) => shuffled([...items], integer),
    getState: () => [a >>> 0, b >>> 0, c >>> 0, counter >>> 0],
  }
}

function shuffled<Item>(items: Item[], integer: (below: number) => number): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = integer(last + 1)
    const item = items[last]!
    items[last] = items[other]!
    items[other] = item
  }
  return items
}
