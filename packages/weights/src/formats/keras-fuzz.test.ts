import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { fuzz } from '../testing/fuzz.ts'

it.each([
  'keras2.h5',
  'keras2-model.h5',
  'keras2-packed.h5',
  'keras2-split.h5',
  'keras2.weights.h5',
  'keras3-model.h5',
  'keras3.weights.h5',
  'keras3.keras',
])(
  'reads damaged copies of %s whole or refuses them',
  async (name) => {
    const original = await readFile(new URL(`../golden/${name}`, import.meta.url))
    const outcomes = await fuzz(new Uint8Array(original), (bytes) => openWeights(bytes), {
      count: Number(process.env.N ?? 300),
      seed: Number(process.env.S ?? 1),
      head: original.length,
    })
    console.log(name, outcomes)
    expect(outcomes.get('BAD_FILE')).toBeGreaterThan(0)
  },
  600_000,
)
