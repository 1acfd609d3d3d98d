import { batchNormTraining } from '@cnnkit/kernels'
import { kernel, type Values, valuesOn } from '@cnnkit/testing/compare'
import { noise } from '@cnnkit/testing/numbers'
import {
  avgPool,
  batchNorm,
  cast,
  clipByValue,
  concat,
  gather,
  grads,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  matMul,
  maxPool,
  mean,
  memory,
  mul,
  pad,
  relu,
  relu6,
  reshape,
  slice,
  softmax,
  split,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  where,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { wasm } from '../index.ts'
import { expectSameOnCpu } from '../testing/compare.ts'

type Run = (inputs: Record<string, Tensor>) => Tensor | Tensor[]

/** Values and the gradients for all inputs, of a loss whose dy differ and depend on the values. */
const withGradients =
  (run: (inputs: Record<string, Tensor>) => Tensor): Run =>
  (inputs) => {
    const names = Object.keys(inputs)
    const y = run(inputs)
    const loss = (...tensors: Tensor[]): Tensor => {
      const result = run(Object.fromEntries(names.map((name, i) => [name, tensors[i]!])))
      return sum(mul(mul(result, result), tensor(noise(result.shape, 99).values, result.shape)))
    }
    return [y, ...grads(loss)(names.map((name) => inputs[name]!))]
  }

const ints = (values: number[], shape: number[]): Values => ({ values, shape, dtype: 'int32' })

describe.each(['own', 'stock'] as const)('on %s kernels,', (kernels) => {
  beforeAll(async () => {
    await wasm({ threads: 2, kernels }).start()
  })

  describe('matrix products', () => {
    it.each([
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ])('equal those of the cpu backend with sides transposed: %s, %s', async (transposeA, transposeB) => {
      for (const [m, k, n] of [
        [1, 1, 1],
        [3, 5, 7],
        [16, 300, 5],
        [2, 33, 129],
        [200, 17, 8],
      ] as const) {
        const a = noise(transposeA ? [k, m] : [m, k], m)
        const b = noise(transposeB ? [n, k] : [k, n], n)
        await expectSameOnCpu({ a, b }, kernel('BatchMatMul', { transposeA, transposeB }), 1e-5)
      }
    })

    it('give matrices of rank 3 and more their leading sides', async () => {
      const run: Run = ({ a, b }) => matMul(a as Tensor3D, b as Tensor3D, true, false)
      await expectSameOnCpu({ a: noise([1, 6, 4], 1), b: noise([1, 6, 5], 2) }, run, 1e-5)
      await expectSameOnCpu({ a: noise([3, 6, 4], 1), b: noise([3, 6, 5], 2) }, run, 1e-5)
    })

    it('do not mistake data for what they were packed as under another shape', async () => {
      const run: Run = ({ a, b, c }) => [
        matMul(a as Tensor2D, c as Tensor2D),
        matMul(b as Tensor2D, reshape(c!, [3, 4]) as Tensor2D),
      ]
      await expectSameOnCpu({ a: noise([2, 4], 1), b: noise([2, 3], 2), c: noise([4, 3], 3) }, run, 1e-5)
    })

    it('have the gradients of a dense layer', async () => {
      const run = withGradients(({ a, b }) => matMul(a as Tensor2D, b as Tensor2D))
      await expectSameOnCpu({ a: noise([16, 100], 1), b: noise([100, 5], 2) }, run, 1e-4)
    })
  })

  describe('batch norm', () => {
    const perChannel = (channels: number): Record<string, Values> => ({
      mean: noise([channels], 2),
      variance: { shape: [channels], values: Float32Array.from({ length: channels }, (_, i) => 0.5 + i / channels) },
      offset: noise([channels], 3),
      scale: noise([channels], 4),
    })
    const run: Run = ({ x, mean, variance, offset, scale }) =>
      batchNorm(x!, mean as Tensor1D, variance as Tensor1D, offset as Tensor1D, scale as Tensor1D, 1e-3)

    it.each([[[2, 5, 7, 3]], [[4, 14, 14, 64]], [[3, 1, 1, 100]], [[7, 13]]])(
      'in inference equals the cpu backend: %j',
      async (shape) => {
        await expectSameOnCpu({ x: noise(shape, 1), ...perChannel(shape[shape.length - 1]!) }, run, 1e-5)
      },
    )

    it('in inference does without scale and offset, and takes parameters a value', async () => {
      const { mean, variance } = perChannel(6)
      await expectSameOnCpu({ x: noise([2, 4, 4, 6], 1), mean: mean!, variance: variance! }, run, 1e-5)
      const whole = { ...noise([2, 3], 1) }
      const positive = { ...whole, values: (whole.values as Float32Array).map((v) => Math.abs(v)) }
      await expectSameOnCpu({ x: noise([2, 3], 5), mean: whole, variance: positive }, run, 1e-5)
    })

    it.each([[[2, 5, 7, 3]], [[4, 14, 14, 64]], [[8, 28, 28, 16]], [[3, 81, 79, 7]], [[1, 1, 1, 5]], [[16, 10]]])(
      'in training has the values, statistics and gradients of the composed form: %j',
      async (shape) => {
        const channels = shape[shape.length - 1]!
        const inputs = { x: noise(shape, 1), gamma: noise([channels], 2), beta: noise([channels], 3) }
        const forward: Run = ({ x, gamma, beta }) => {
          const { y, mean, variance } = batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3)
          return [y, mean, variance]
        }
        await expectSameOnCpu(inputs, forward, 1e-5)
        const run = withGradients(
          ({ x, gamma, beta }) => batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3).y,
        )
        await expectSameOnCpu(inputs, run, 1e-4)
      },
    )

    it('in training keeps its digits where the mean is a hundred deviations', async () => {
      const x = noise([8, 10, 10, 4], 1)
      const far = { ...x, values: (x.values as Float32Array).map((v) => v + 70) }
      const run = withGradients(
        ({ x, gamma, beta }) => batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3).y,
      )
      await expectSameOnCpu({ x: far, gamma: noise([4], 2), beta: noise([4], 3) }, run, 1e-3)
    })
  })

  describe('sums and means', () => {
    it.each([[[0]], [[1]], [[0, 1]], [[1, 2]], [[0, 1, 2]], [[2, 3]], [[3]], [[0, 2]], [[0, 1, 2, 3]]])(
      'over axes %j equal those of the cpu backend',
      async (axes) => {
        for (const keepDims of [false, true]) {
          const run: Run = ({ x }) => [sum(x!, axes, keepDims), mean(x!, axes, keepDims)]
          await expectSameOnCpu({ x: noise([5, 13, 7, 11], 1) }, run, 1e-5)
        }
      },
    )

    it('have gradients', async () => {
      await expectSameOnCpu(
        { x: noise([4, 9, 9, 16], 1) },
        withGradients(({ x }) => mean(x!, [1, 2])),
        1e-5,
      )
    })

    it('of whole numbers stay whole', async () => {
      const x = ints([...Array(6000).keys()], [60, 100])
      await expectSameOnCpu({ x }, ({ x }) => sum(x!, 0), 0 + 1e-9)
    })
  })

  describe('activations', () => {
    const atTheBounds = { shape: [9], values: [-1, -0, 0, 1e-7, 3, 5.999999, 6, 6.000001, 7] }

    it.each([
      ['relu', (x: Tensor) => relu(x)],
      ['relu6', (x: Tensor) => relu6(x)],
      ['clipping', (x: Tensor) => clipByValue(x, -0.5, 0.75)],
      ['clipping from 0', (x: Tensor) => clipByValue(x, 0, 6)],
      ['softmax', (x: Tensor) => softmax(reshape(x, [-1, 9]))],
    ])('%s has the gradient that the cpu backend gives, at its bounds too', async (_, activation) => {
      const run: Run = ({ x, direction }) =>
        grads((x: Tensor) => sum(mul(activation(x), reshape(direction!, activation(x).shape))))([x!])
      await expectSameOnCpu({ x: atTheBounds, direction: noise([9], 3) }, run, 1e-6)
      for (const shape of [
        [2, 9, 9],
        [150_003, 1, 9],
      ]) {
        await expectSameOnCpu({ x: noise(shape, 1), direction: noise(shape, 2) }, run, 1e-6)
      }
    })

    it('compare, combine and select as the cpu backend does', async () => {
      const run: Run = ({ x, y }) => {
        const inside = logicalAnd(lessEqual(x!, 0.5), greaterEqual(x!, -0.5))
        return [
          less(x!, 0),
          greater(x!, 0),
          inside,
          where(inside, x!, y!),
          cast(greater(x!, 0), 'float32'),
          less(x!, y!),
        ]
      }
      await expectSameOnCpu({ x: noise([3, 7, 5], 1), y: noise([3, 7, 5], 2) }, run, 1e-9)
      await expectSameOnCpu({ x: { shape: [4], values: [Number.NaN, 0, -0, 0.5] }, y: noise([4], 2) }, run, 1e-9)
    })
  })

  describe('max pooling', () => {
    it.each([
      [3, 2, 'same'],
      [3, 2, 'valid'],
      [2, 2, 'same'],
      [3, 1, 'same'],
      [2, 3, 'valid'],
    ] as const)(
      'window %i, stride %i, %s has the gradient that the cpu backend gives',
      async (window, stride, padding) => {
        const run = withGradients(({ x }) => maxPool(x as Tensor4D, window, stride, padding))
        await expectSameOnCpu({ x: noise([2, 11, 10, 6], 1) }, run, 1e-5)
      },
    )

    it('passes gradients back where all values are negative or equal, as the stock kernel does not', async () => {
      const run: Run = ({ x }) => grads((x: Tensor) => sum(maxPool(x as Tensor4D, 2, 2, 'valid')))([x!])
      const [negative] = await valuesOn('wasm', { x: { shape: [1, 2, 2, 1], values: [-3, -1, -2, -4] } }, run)
      expect([...negative!.values]).toEqual([0, 1, 0, 0])
      const [equal] = await valuesOn('wasm', { x: { shape: [1, 2, 2, 1], values: [0, 0, 0, 0] } }, run)
      expect([...equal!.values]).toEqual([1, 0, 0, 0])
    })

    it('shares an average’s gradient among the values that lie on the input, as the forward pass counts them', async () => {
      const run: Run = ({ x }) =>
        grads((x: Tensor) => sum(slice(avgPool(x as Tensor4D, 3, 1, 'same'), 0, [1, 1, 1, 1])))([x!])
      const [dx] = await valuesOn('wasm', { x: noise([1, 3, 3, 1], 1) }, run)
      expect([...dx!.values]).toEqual([0.25, 0.25, 0, 0.25, 0.25, 0, 0, 0, 0])
    })

    it('has the gradient of average pooling that the cpu backend gives where nothing is padded', async () => {
      await expectSameOnCpu(
        { x: noise([2, 8, 8, 6], 1) },
        withGradients(({ x }) => avgPool(x as Tensor4D, 2, 2, 'valid')),
        1e-5,
      )
    })
  })

  describe('parts of tensors', () => {
    it('are cut as on the cpu backend, of any rank and type', async () => {
      const x = noise([4, 5, 6, 30], 1)
      await expectSameOnCpu(
        { x },
        ({ x }) => [slice(x!, [1, 2, 0, 3], [2, 2, 6, 25]), slice(x!, [0, 1, 1, 0], [4, 4, -1, 30]), slice(x!, 2)],
        1e-9,
      )
      await expectSameOnCpu({ x: noise([7, 9], 2) }, ({ x }) => [slice(x!, [2, 3], [4, 5]), slice(x!, [6], [1])], 1e-9)
      await expectSameOnCpu({ x: ints([2 ** 31 - 1, -1, 5, 7], [2, 2]) }, ({ x }) => slice(x!, [0, 1], [2, 1]), 1e-9)
      await expectSameOnCpu(
        { x: { shape: [5], values: [1, 0, 1, 1, 0], dtype: 'bool' } },
        ({ x }) => slice(x!, [1], [3]),
        1e-9,
      )
      await expectSameOnCpu(
        { x: noise([2, 2, 2, 2, 2], 2) },
        ({ x }) => slice(x!, [0, 1, 0, 1, 0], [2, 1, 2, 1, 2]),
        1e-9,
      )
    })

    it.each([0, 1, 2, 3, -1])('are joined and split along axis %i as on the cpu backend', async (axis) => {
      const join: Run = ({ a, b }) => concat([a!, b!, a!], axis)
      await expectSameOnCpu({ a: noise([2, 3, 4, 5], 1), b: noise([2, 3, 4, 5], 2) }, join, 1e-9)
      const apart: Run = ({ x }) => [...split(x!, 2, axis), ...split(x!, [1, 3], axis)]
      await expectSameOnCpu({ x: noise([4, 4, 4, 4], 1) }, apart, 1e-9)
      const run = withGradients(({ a, b }) => concat([a!, b!], axis))
      await expectSameOnCpu({ a: noise([2, 3, 4, 5], 1), b: noise([2, 3, 4, 5], 2) }, run, 1e-6)
    })

    it('join with one of no values, of one only, and refuse what does not fit', async () => {
      await expectSameOnCpu({ a: noise([2, 0], 1), b: noise([2, 3], 2) }, ({ a, b }) => concat([a!, b!, b!], 1), 1e-9)
      await expectSameOnCpu({ b: noise([2, 3], 2) }, ({ b }) => concat([b!], 1), 1e-9)
      await expect(
        valuesOn('wasm', { a: noise([2, 3], 1), b: noise([3, 3], 2) }, ({ a, b }) => concat([a!, b!], 1)),
      ).rejects.toThrow()
    })

    it('have the gradients of zero padding', async () => {
      const run = withGradients(({ x }) =>
        pad(x!, [
          [0, 0],
          [0, 1],
          [2, 1],
          [0, 0],
        ]),
      )
      await expectSameOnCpu({ x: noise([2, 6, 7, 3], 1) }, run, 1e-6)
    })

    it('have the gradients of gathering rows', async () => {
      const run = withGradients(({ x }) => gather(x!, tensor([3, 0, 3, 1], [4], 'int32')))
      await expectSameOnCpu({ x: noise([5, 2, 3], 1) }, run, 1e-6)
    })
  })

  it('shares data between a tensor and its clone until both are gone', async () => {
    const [values] = await valuesOn('wasm', { x: noise([3], 1) }, ({ x }) => {
      const copy = x!.clone()
      x!.dispose()
      expect(memory().numDataBuffers).toBeGreaterThan(0)
      return copy
    })
    expect([...values!.values]).toEqual([...(noise([3], 1).values as Float32Array)])
  })
})
