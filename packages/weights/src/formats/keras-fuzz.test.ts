import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { fuzz } from '../testing/fuzz.ts'

it.each([
  ['keras2.h5', 2000],
  ['keras2-packed.h5', 500],
  ['keras3.weights.h5', 2000],
  ['keras3.keras', 2000],
])('reads damaged copies of %s whole or refuses them (%i)', { timeout: 60_000 }, async (name, count) => {
  const original = new Uint8Array(await readFile(new URL(`../golden/${name}`, import.meta.url)))
  const outcomes = await fuzz(original, openWeights, { count, seed: 5, head: original.length })
  expect(outcomes.get('BAD_FILE')).toBeGreaterThan(10)
  expect(outcomes.get('read')).toBeGreaterThan(10)
})
