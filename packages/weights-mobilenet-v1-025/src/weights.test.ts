import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { mobilenetV1025 } from './index.ts'

const bytes = readFileSync(mobilenetV1025.bytes)
const facts = fileURLToPath(new URL('../../../../shared/facts/offline-weights.json', import.meta.url))
const original = fileURLToPath(
  new URL('../../../../shared/data/weights/mobilenet-v1-025-keras-manifest/model.json', import.meta.url),
)

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')

it('ships the file whose size and hash it states', () => {
  expect(bytes.length).toBe(mobilenetV1025.byteLength)
  expect(sha256(bytes)).toBe(mobilenetV1025.sha256)
})

it('describes every byte: 137 float32 tensors, 475,544 values, the number Keras states for width 0.25', () => {
  const tensors = mobilenetV1025.manifest.flatMap((group) => group.weights)
  const values = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  expect(tensors).toHaveLength(137)
  expect(values).toBe(475_544)
  expect(values * 4).toBe(bytes.length)
  expect(new Set(tensors.map(({ name }) => name)).size).toBe(137)
})

it('has the same manifest as TypeScript and as model.json', () => {
  const file = JSON.parse(readFileSync(new URL('../weights/model.json', import.meta.url), 'utf8'))
  expect(file).toEqual({ modelTopology: null, weightsManifest: mobilenetV1025.manifest })
})

it('is, shard by shard, what the original repository holds', (context) => {
  if (!existsSync(facts)) context.skip('no ../shared/facts beside the repository')
  const { files } = JSON.parse(readFileSync(facts, 'utf8')).weights.mobilenet_v1_025_224
  const shards = (files as { path: string; bytes: number; sha256: string }[]).filter(({ path }) =>
    path.includes('-shard'),
  )
  expect(shards).toHaveLength(55)
  let position = 0
  for (const shard of shards) {
    expect(sha256(bytes.subarray(position, position + shard.bytes)), shard.path).toBe(shard.sha256)
    position += shard.bytes
  }
  expect(position).toBe(bytes.length)
})

it('names the tensors in the order of the original manifest', (context) => {
  if (!existsSync(original)) context.skip('no ../shared/data beside the repository')
  const { weightsManifest } = JSON.parse(readFileSync(original, 'utf8'))
  const weights = (weightsManifest as { weights: unknown[] }[]).flatMap((group) => group.weights)
  expect(mobilenetV1025.manifest.flatMap((group) => group.weights)).toEqual(weights)
})
