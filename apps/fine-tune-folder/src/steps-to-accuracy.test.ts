import type { EpochSummary } from '@cnnkit/transfer'
import { expect, it } from 'vitest'
import { stepsToAccuracy } from './steps-to-accuracy.ts'

const history = (...accuracies: number[]): EpochSummary[] =>
  accuracies.map((validationAccuracy, i) => ({
    epoch: i + 1,
    loss: 1,
    accuracy: 0.5,
    validationAccuracy,
    learningRate: 0.1,
    seconds: 1,
  }))

it('counts the steps of each run to the best of each, in whole epochs', () => {
  const runs = [
    { name: 'pretrained', history: history(0.5, 0.8, 0.7), stepsPerEpoch: 10 },
    { name: 'scratch', history: history(0.1, 0.3, 0.5), stepsPerEpoch: 10 },
  ]
  expect(stepsToAccuracy(runs)).toEqual([
    { accuracy: 0.5, steps: { pretrained: 10, scratch: 30 } },
    { accuracy: 0.8, steps: { pretrained: 20, scratch: undefined } },
  ])
})

it('leaves out what no run has reached', () => {
  expect(stepsToAccuracy([{ name: 'a', history: history(0, 0), stepsPerEpoch: 1 }])).toEqual([])
})
