import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { fuzz } from '../testing/fuzz.ts'

it('reads damaged ONNX models whole or refuses them', { timeout: 60_000 }, async () => {
  const original = new Uint8Array(await readFile(new URL('../golden/tiny.onnx', import.meta.url)))
  const outcomes = await fuzz(original, openWeights, { count: 3000, seed: 6, head: original.length })
  expect(outcomes.get('BAD_FILE')).toBeGreaterThan(100)
  expect(outcomes.get('read')).toBeGreaterThan(100)
})
