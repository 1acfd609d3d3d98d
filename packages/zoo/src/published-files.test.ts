import { readdirSync, readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { wasm } from '@cnnkit/backend-wasm'
import { cardOf } from '@cnnkit/layers'
import { dispose, memory, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModel } from './create-model.ts'
import type { ModelName } from './models.ts'
import { picture } from './testing/formula.ts'
import { type Digest, difference } from './testing/original.ts'

interface Golden {
  readonly source: string
  readonly network: ModelName
  readonly flavor: string
  readonly input: readonly [number, number, number]
  readonly bytes: number
  readonly logits: Digest
}

const folder = new URL('./golden/files/', import.meta.url)
const files = readdirSync(folder).flatMap((file) => (file.endsWith('.br') ? [file.replace(/\.br$/, '')] : []))

beforeAll(async () => {
  await wasm().start()
})

describe.each(files)('%s', (file) => {
  const golden: Golden = JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8'))

  it(`gives what ${golden.source} gives, which wrote it`, async () => {
    const weights = new Uint8Array(brotliDecompressSync(readFileSync(new URL(`${file}.br`, folder))))
    expect(weights.length).toBe(golden.bytes)
    const before = memory().numTensors
    const model = await createModel(golden.network, { weights, activation: 'linear' })
    // Nothing says which flavor the file is of but its names.
    expect(cardOf(model).flavor).toBe(golden.flavor)
    const x = picture(golden.input)
    const logits = model.predict(x) as Tensor
    expect(difference(logits, golden.logits)).toBeLessThan(1e-4)
    dispose([x, logits])
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
