import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cpu } from '@cnnkit/backend/cpu'
import { wasm } from '@cnnkit/backend-wasm'
import type { PictureDataset } from '@cnnkit/images'
import { beforeAll, describe, expect, it } from 'vitest'
import { flowersOf } from './flowers.ts'
import { type Ran, runOn } from './program.ts'
import { didRun } from './rows.ts'

const folder = fileURLToPath(new URL('../../../data/flowers-200/', import.meta.url))
const photographs = async (kind: string): Promise<string[]> =>
  (await readdir(path.join(folder, kind))).sort().map((file) => path.join(folder, kind, file))

let flowers: PictureDataset

beforeAll(async () => {
  flowers = flowersOf({ daisy: await photographs('daisy'), roses: await photographs('roses') })
})

describe('the program', () => {
  it('classifies, learns and explains on wasm', async () => {
    const outcome = (await runOn(wasm(), await flowers.picture(0), flowers)) as Ran
    expect(outcome).not.toHaveProperty('reason')
    expect(outcome.predictions[0]!.name).toBe('daisy')
    expect(outcome.losses.at(-1)!).toBeLessThan(outcome.losses[0]!)
    expect(outcome.accuracy).toBeGreaterThan(0.5)
    expect(outcome.map.width).toBe((await flowers.picture(0)).width)
  })

  it('says why a backend is lacking', async () => {
    const lacking = { ...cpu(), probe: async () => 'No such thing here.' }
    const outcome = await runOn(lacking, await flowers.picture(0), flowers)
    expect(didRun(outcome)).toBe(false)
    expect(outcome).toMatchObject({ name: 'cpu', reason: expect.stringContaining('No such thing here.') })
  })
})
