import { badFile } from '../error.ts'

/** Which parts of a file are taken, and by what. */
export interface Places {
  /** Takes a part. Errors: `BAD_FILE` where something else has a byte of it. */
  add(from: number, to: number, what: string): void
}

/** The parts of a file, none of them taken. */
export function placesOf(name: string): Places {
  // Sorted by where they begin.
  const taken: { readonly from: number; readonly to: number; readonly what: string }[] = []
  return {
    add(from, to, what) {
      let low = 0
      for (let high = taken.length; low < high; ) {
        const middle = (low + high) >> 1
        if ((taken[middle]?.from ?? 0) < from) low = middle + 1
        else high = middle
      }
      const before = taken[low - 1]
      const after = taken[low]
      if (after?.what === what && after.from === from) return
      const other =
        before !== undefined && before.to > from ? before : after !== undefined && after.from < to ? after : undefined
      if (other !== undefined) throw badFile(name, `has "${what}" in the bytes of "${other.what}"`)
      taken.splice(low, 0, { from, to, what })
    },
  }
}
