import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { fuzz } from '../testing/fuzz.ts'

it.each([
  'keras2.h5',
  'keras2-model.h5',
  'keras2-packed.h5',
  'keras2-split.h5',
  'keras2.keras',
  'keras213.keras',
  'keras3-model.h5',
  'keras3.weights.h5',
  'keras3-bfloat16.weights.h5',
  'keras3.keras',
  'hdf5-latest.h5',
  'written.h5',
  'tiny.onnx',
])('reads 10,000 damaged copies of %s whole or refuses them', { timeout: 600_000 }, async (name) => {
  const original = new Uint8Array(await readFile(new URL(`../golden/${name}`, import.meta.url)))
  const outcomes = await fuzz(original, openWeights, { count: 10_000, seed: 2026, head: original.length })
  expect(outcomes.get('BAD_FILE')).toBeGreaterThan(100)
  expect(outcomes.get('read')).toBeGreaterThan(100)
})
