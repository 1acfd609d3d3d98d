import '@tensorflow/tfjs-backend-cpu'
import { expect, it } from 'vitest'
import { killRuns } from './kill-runs.fixture.ts'

it('ends with the weights of an unbroken run, to the bit, however often it is killed (200 kills)', async () => {
  const found = await killRuns(200, 2, 3)
  process.stderr.write(`200 kills: ${JSON.stringify(found)}\n`)
  expect(found.kills).toBeGreaterThanOrEqual(200)
  expect(found.inFeatures).toBeGreaterThan(20)
  expect(found.inTraining).toBeGreaterThan(20)
  for (const threads of [1, 2]) expect(found.weights[threads], `${threads} threads`).toHaveLength(1)
})
