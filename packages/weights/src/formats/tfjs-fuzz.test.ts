import { expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { fuzz } from '../testing/fuzz.ts'
import { tiny } from '../testing/model.ts'

it('reads damaged tfjs manifests whole or refuses them', { timeout: 60_000 }, async () => {
  const quantized = {
    paths: ['one.bin'],
    weights: [
      { name: 'c', shape: [4, 3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 'd', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
    ],
  }
  const { weightsManifest } = tiny.json as { weightsManifest: object[] }
  const original = new TextEncoder().encode(
    JSON.stringify({ ...tiny.json, weightsManifest: [...weightsManifest, quantized] }),
  )
  const shards = { 'one.bin': tiny.one, 'two.bin': tiny.two }
  const open = (bytes: Uint8Array): ReturnType<typeof openWeights> =>
    openWeights({ kind: 'files', files: { ...shards, 'model.json': bytes } })
  const outcomes = await fuzz(original, open, { count: 4000, seed: 7, head: original.length })
  expect(outcomes.get('BAD_MANIFEST')).toBeGreaterThan(100)
  expect(outcomes.get('read')).toBeGreaterThan(100)
})
