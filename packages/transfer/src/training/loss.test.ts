import '@tensorflow/tfjs-backend-cpu'
import { wasm } from '@cnnkit/backend-wasm'
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { crossEntropy } from './loss.ts'

// log-softmax of [2, 0, 0] is [-0.2395, -2.2395, -2.2395]; of [0, 1, 0] it is [-1.5514, -0.5514, -1.5514]
const logits = () =>
  tensor2d([
    [2, 0, 0],
    [0, 1, 0],
  ])
const labels = () => tensor1d([0, 2], 'int32')

describe.each([
  ['cpu', () => setBackend('cpu')],
  ['wasm', () => wasm({ threads: 1 }).start()],
] as const)('crossEntropy on %s', (_name, start) => {
  it('is the mean of what the true classes lack, worked out by hand', async () => {
    await start()
    const [x, y] = [logits(), labels()]
    expect((await crossEntropy(x, y).data())[0]).toBeCloseTo((0.23954 + 1.55144) / 2, 4)
  })

  it('spreads a share of each label over all classes', async () => {
    await start()
    const spread = (0.23954 + 2.23954 * 2 + 1.55144 * 2 + 0.55144) / 3 / 2
    const expected = 0.9 * ((0.23954 + 1.55144) / 2) + 0.1 * spread
    expect((await crossEntropy(logits(), labels(), 0.1).data())[0]).toBeCloseTo(expected, 4)
  })
})
