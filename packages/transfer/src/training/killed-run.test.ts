import '@tensorflow/tfjs-backend-cpu'
import { expect, it } from 'vitest'
import { killRuns } from './kill-runs.fixture.ts'

it('ends with the weights of an unbroken run, to the bit, however often it is killed (10 kills)', async () => {
  const { kills, ends, weights } = await killRuns(10, 1, 2)
  expect(kills).toBeGreaterThanOrEqual(10)
  expect(ends).toBeGreaterThan(0)
  for (const threads of [1, 2]) expect(weights[threads], `${threads} threads`).toHaveLength(1)
}, 600_000)
