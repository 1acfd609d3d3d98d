import {
  adamUpdate,
  batchNormTraining,
  type FusedConv2DAttributes,
  fusedConv2dAdd,
  rmsPropUpdate,
  scaleShift,
  sgdUpdate,
} from '@cnnkit/kernels'
import type { Values } from '@cnnkit/testing/compare'
import { noise } from '@cnnkit/testing/numbers'
import {
  add,
  avgPool,
  conv2d,
  depthwiseConv2d,
  grad,
  maxPool,
  memory,
  mul,
  relu,
  relu6,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { wasm } from '../../index.ts'
import { expectSameOnCpu } from '../../testing/compare.ts'

const made = ({ values, shape }: Values): Tensor4D => tensor(values, shape) as Tensor as Tensor4D

const positive = (shape: readonly number[], seed: number): Values => ({
  shape: [...shape],
  values: (noise(shape, seed).values as Float32Array).map((value) => Math.abs(value) + 0.01),
})

const shapes = [[3], [7, 5], [3, 3, 64, 40], [70_001]] as const

describe.each([1, 3])('kernels of cnnkit’s own on %i thread(s)', (threads) => {
  beforeAll(async () => {
    await wasm({ threads, kernels: 'own' }).start()
  })

  it.each([
    [[2, 9, 7, 5], [3, 3, 5, 6], [2, 2], 'same', [1, 1], 'relu6'],
    [[2, 8, 9, 16], [3, 3, 16, 20], [1, 1], 'same', [1, 1], 'relu'],
    [[3, 7, 7, 24], [1, 1, 24, 11], [1, 1], 'valid', [1, 1], 'linear'],
    [[1, 9, 9, 4], [3, 3, 4, 16], [1, 1], 'valid', [2, 2], 'relu'],
    [
      [1, 6, 5, 3],
      [3, 2, 3, 3],
      [1, 2],
      [
        [0, 0],
        [2, 1],
        [0, 3],
        [0, 0],
      ],
      [1, 1],
      'relu',
    ],
  ] as [number[], number[], [number, number], 'same', [number, number], 'relu'][])(
    'add what stands beside a convolution: %j by %j, strides %j, pad %j, dilations %j, %s',
    async (input, filter, strides, pad, dilations, activation) => {
      const attributes: FusedConv2DAttributes = { strides, pad, dilations, activation }
      const inputs = { x: noise(input, 1), filter: noise(filter, 2), bias: noise([filter[3]!], 3) }
      const outShape = tidy(() => {
        const [x, w] = [made(inputs.x), made(inputs.filter)]
        return conv2d(x, w, strides, pad, 'NHWC', dilations).shape
      })
      const residual = noise(outShape, 4)
      await expectSameOnCpu({ ...inputs, residual }, (given) => fusedConv2dAdd(given as never, attributes), 1e-5)
    },
  )

  it.each([[[2, 5, 7, 3]], [[4, 14, 14, 64]], [[300, 500]], [[1, 2]]])('scale and shift %j', async (shape) => {
    const channels = shape.at(-1)!
    const inputs = { x: noise(shape, 1), scale: noise([channels], 2), shift: noise([channels], 3) }
    for (const activation of ['linear', 'relu', 'relu6'] as const) {
      await expectSameOnCpu(inputs, (given) => scaleShift(given as never, { activation }), 1e-6)
    }
  })

  it('step as the composed optimizers do', async () => {
    const rest = { pull: 0.1, coupled: 0.01, kept: 0.99 }
    for (const shape of shapes) {
      const [weight, gradient, velocity] = [noise(shape, 1), noise(shape, 2), noise(shape, 3)]
      for (const nesterov of [false, true]) {
        const attributes = { momentum: 0.9, gain: 0.5, nesterov, ...rest }
        await expectSameOnCpu({ weight, gradient, velocity }, (all) => sgdUpdate(all as never, attributes), 1e-6)
      }
      const square = positive(shape, 4)
      const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-3, ...rest }
      await expectSameOnCpu({ weight, gradient, mean: velocity, square }, (all) => adamUpdate(all as never, adam), 1e-5)
      for (const epsilonInside of [false, true]) {
        const attributes = { rho: 0.9, momentum: 0.8, epsilon: 1e-3, epsilonInside, gain: 0.5, ...rest }
        await expectSameOnCpu(
          { weight, gradient, square, velocity },
          (all) => rmsPropUpdate(all as never, attributes),
          1e-5,
        )
        await expectSameOnCpu({ weight, gradient, square }, (all) => rmsPropUpdate(all as never, attributes), 1e-5)
      }
    }
  })

  it('leave the weights and states that a step reads as they were', () => {
    const [weight, gradient, velocity] = [1, 2, 3].map((seed) => tensor(noise([5], seed).values, [5]))
    const before = memory().numTensors
    const values = [...weight!.dataSync()]
    const made = sgdUpdate(
      { weight: weight!, gradient: gradient!, velocity: velocity! },
      { momentum: 0.9, gain: 1, nesterov: false, pull: 1, coupled: 0, kept: 1 },
    )
    expect(memory().numTensors).toBe(before + 2)
    expect([...weight!.dataSync()]).toEqual(values)
    for (const t of [weight!, gradient!, velocity!, ...made]) t.dispose()
  })

  const gamma = (channels: number): Tensor1D => tensor(noise([channels], 8).values, [channels])
  const weights = (shape: readonly number[]): Tensor4D => made(noise(shape, 7))

  it.each<[string, number[], (x: Tensor4D) => Tensor]>([
    ['3x3 by Winograd’s tiles', [2, 7, 8, 16], (x) => conv2d(x, weights([3, 3, 16, 20]), 1, 'same')],
    ['3x3 at stride 2', [2, 7, 8, 6], (x) => conv2d(x, weights([3, 3, 6, 9]), 2, 'same')],
    ['its filter, 3x3 at stride 2', [3, 3, 6, 9], (w) => conv2d(weights([2, 7, 8, 6]), w, 2, 'same')],
    ['its filter, of few channels', [5, 5, 3, 9], (w) => conv2d(weights([2, 9, 8, 3]), w, 2, 'same')],
    ['depthwise 3x3 at stride 2', [2, 9, 7, 6], (x) => depthwiseConv2d(x, weights([3, 3, 6, 1]), 2, 'same')],
    ['depthwise 5x5', [2, 9, 7, 6], (x) => depthwiseConv2d(x, weights([5, 5, 6, 1]), 1, 'same')],
    ['its filter, depthwise 7x7', [7, 7, 18, 1], (w) => depthwiseConv2d(weights([2, 9, 8, 18]), w, 1, 'same')],
    ['average pooling with a border', [2, 7, 6, 5], (x) => avgPool(x, 3, 2, 'same')],
    ['max pooling', [2, 7, 6, 5], (x) => maxPool(x, 3, 2, 'same')],
    ['ReLU', [2, 7, 6, 5], (x) => relu(x)],
    ['ReLU6', [2, 7, 6, 5], (x) => relu6(mul(x, 5))],
    ['batch norm', [4, 5, 6, 7], (x) => batchNormTraining(x, gamma(7), gamma(7), 1e-3).y],
  ])('have the slope that differences have: %s', (_, shape, run) => {
    tidy(() => {
      const loss = (x: Tensor): Tensor => {
        const y = run(x as Tensor4D)
        return sum(mul(mul(y, y), tensor(noise(y.shape, 5).values, y.shape)))
      }
      const x = tensor(noise(shape, 1).values, shape)
      const direction = tensor(noise(shape, 2).values, shape)
      const slope = sum(mul(grad(loss)(x), direction)).dataSync()[0]!
      // Small, as a maximum or a bound that is crossed bends the line; not smaller, as float32 has seven digits.
      const step = 1e-3
      const at = (by: number): number => loss(add(x, mul(direction, by))).dataSync()[0]!
      const difference = (at(step) - at(-step)) / (2 * step)
      expect(Math.abs(slope - difference) / Math.max(Math.abs(slope), 1)).toBeLessThan(2e-2)
    })
  })
})
