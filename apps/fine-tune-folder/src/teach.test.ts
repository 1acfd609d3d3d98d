import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { imageFolder, type Split, split, subset } from '@cnnkit/images'
import { evaluate } from '@cnnkit/transfer'
import { startBackend } from 'cnnkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'
import { type Taught, teach } from './teach.ts'
import { ways } from './ways.ts'

let out: string
let pictures: Split
beforeAll(async () => {
  await startBackend(1)
  out = await mkdtemp(`${tmpdir()}/cnnkit-app-`)
  const all = await imageFolder(fileURLToPath(new URL('../../../data/flowers-200', import.meta.url)))
  // Six of each kind: enough to run every way, too few to learn much.
  const few = Array.from({ length: all.size }, (_, i) => i).filter((i) => i % 40 < 6)
  pictures = split(subset(all, few), { holdOut: 0.2, seed: 1 })
})
afterAll(() => rm(out, { recursive: true }))

const run = (name: string, ...extra: string[]): Promise<Taught> => {
  const way = ways.find((candidate) => candidate.name === name)!
  const args = readArguments(['--epochs', '2', '--out', out, ...extra])
  return teach(way, pictures, args, new AbortController().signal)
}

describe('teach', () => {
  it.each(ways.map(({ name }) => name))('%s: keeps what it finished and takes it up in the next call', async (name) => {
    const first = await run(name)
    const second = await run(name)
    expect(second.history).toEqual(first.history)
    const [a, b] = [await evaluate(first.model, pictures.validation), await evaluate(second.model, pictures.validation)]
    expect(b.pictures).toEqual(a.pictures)
    for (const { model } of [first, second]) model.dispose()
  })

  it('trains again when asked to, or when an option differs', async () => {
    const first = await run('frozen body')
    const fresh = await run('frozen body', '--fresh')
    const longer = await run('frozen body', '--epochs', '3')
    expect(fresh.history.map(({ loss }) => loss)).toEqual(first.history.map(({ loss }) => loss))
    expect(fresh.seconds).not.toBe(first.seconds)
    expect(longer.history).toHaveLength(3)
    for (const { model } of [first, fresh, longer]) model.dispose()
  })
})
