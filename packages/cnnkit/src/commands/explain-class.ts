import type { Prediction } from '@cnnkit/zoo'
import { UsageError } from '../command.ts'

type NamedClass = Pick<Prediction, 'index' | 'id' | 'name'>

/**
 * The class that is meant: by its name, id or number, or by words that only its name has all of.
 *
 * @throws `UsageError` with the classes that may be meant
 */
export function classNamed<Class extends NamedClass>(known: readonly Class[], wanted: string): Class {
  const sought = plain(wanted)
  const same = known.find(({ name, id }) => plain(name) === sought || id === wanted)
  const numbered = /^\d+$/.test(wanted) ? known.find(({ index }) => index === Number(wanted)) : undefined
  const found = same ?? numbered
  if (found) return found
  const words = sought.split(' ')
  const matching = known.filter(({ name }) => words.every((word) => plain(name).split(' ').includes(word)))
  if (matching.length === 1) return matching[0]!
  if (matching.length > 1) {
    throw new UsageError(`"${wanted}" may be ${listed(matching)}. Give the whole name, in quotes.`)
  }
  const near = nearTo(known, sought)
  const hint = near.length > 0 ? `Near: ${listed(near)}.` : `There are ${known.length}, such as "${known[0]!.name}".`
  throw new UsageError(`No class "${wanted}". ${hint}`)
}

const SHOWN = 8

function listed(classes: readonly NamedClass[]): string {
  const names = classes.slice(0, SHOWN).map(({ name }) => `"${name}"`)
  const more = classes.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Lower case, words apart by one space: labels come as `tiger cat` and as `tiger_cat`. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Classes whose name holds the text, then those with a word that is a slip or two of the pen away. */
function nearTo(known: readonly NamedClass[], sought: string): readonly NamedClass[] {
  const holding = known.filter(({ name }) => plain(name).includes(sought))
  const slips = Math.min(2, Math.floor(sought.length / 3))
  const isNear = (name: string): boolean =>
    [name, ...name.split(' ')].some(
      (word) => Math.abs(word.length - sought.length) <= slips && distance(word, sought) <= slips,
    )
  return [...holding, ...known.filter((one) => !holding.includes(one) && isNear(plain(one.name)))]
}

/** Letters to change, add or leave out to make one word the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j]! + Number(letter !== b[j]), row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
