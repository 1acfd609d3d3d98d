import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { aroundMap, aroundTraining } from './around-network.ts'

const collected = new URL('../../../conformance/data/zoo-kernels.json', import.meta.url)

it('is what the suite has collected', async ({ skip }) => {
  if (!existsSync(collected)) skip('conformance/data is not there')
  const { around } = JSON.parse(await readFile(collected, 'utf8')) as { around: Record<'train' | 'map', string[]> }
  const remedy = 'Run: node packages/backend/scripts/write-around-network.mjs'
  expect(aroundTraining, remedy).toEqual(around.train)
  expect(aroundMap, remedy).toEqual(around.map)
})
