import { beforeAll, describe, expect, it } from 'vitest'
import { wasm } from './index.ts'
import { expectSameTraining, mobilenet, resnet } from './testing/train-small.ts'

describe('training on two threads', () => {
  beforeAll(async () => {
    expect((await wasm({ threads: 2, kernels: 'own' }).start()).threads).toBe(2)
  })

  it.each([
    ['MobileNet v1', mobilenet],
    ['ResNet', resnet],
  ])('gives a small %s the losses and weights that the cpu backend gives', async (_, build) => {
    await expectSameTraining(build)
  })
})
