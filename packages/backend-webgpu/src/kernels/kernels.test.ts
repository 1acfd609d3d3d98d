import {
  adamUpdate,
  batchNormTraining,
  clipByValueGrad,
  fusedConv2dAdd,
  localResponseNorm,
  movingAverage,
  relu6Grad,
  reluGrad,
  rmsPropUpdate,
  scaleShift,
  sgdUpdate,
} from '@cnnkit/kernels'
import { kernel, type Values, valuesOn } from '@cnnkit/testing/compare'
import { noise } from '@cnnkit/testing/numbers'
import {
  addN,
  argMax,
  backend_util,
  cast,
  grad,
  grads,
  logicalNot,
  maxPool,
  mul,
  ones,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  zeros,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { webgpu } from '../index.ts'
import { expectSameOnCpu } from '../testing/compare.ts'
import { noWebgpu } from '../testing/here.ts'

type Four = [number, number, number, number]

const shifted = (values: Values, by: number): Values => ({
  ...values,
  values: (values.values as Float32Array).map((value) => value + by),
})
const positive = (values: Values): Values => ({
  ...values,
  values: (values.values as Float32Array).map((value) => Math.abs(value) + 0.1),
})

const batchNorm = ({ x, gamma, beta }: Record<string, Tensor>): Tensor[] => {
  const { y, mean, variance } = batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3)
  return [y, mean, variance]
}

const batchNormGradients = ({ x, gamma, beta, dy }: Record<string, Tensor>): Tensor[] =>
  grads((x, gamma, beta) => batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3).y)(
    [x!, gamma!, beta!],
    dy!,
  )

describe.skipIf(noWebgpu !== undefined)('kernels on WebGPU', { timeout: 200_000 }, () => {
  beforeAll(async () => {
    await webgpu({ software: 'allow' }).start()
  })

  describe('BatchNormTraining', () => {
    it.each([
      ['few channels', [2, 3, 4, 3]],
      ['one value a channel', [1, 1, 1, 5]],
      ['one channel', [300, 1]],
      ['rows of a dense layer', [7, 65]],
      ['more channels than a workgroup is wide', [2, 5, 5, 130]],
      ['rows in several chunks', [3, 40, 41, 8]],
      ['chunks of different lengths', [1777, 64]],
    ])('gives %s what cpu gives, forward and backward', async (_, shape) => {
      const channels = [shape.at(-1)!]
      const x = shifted(noise(shape, 1), 3)
      const inputs = { x, gamma: noise(channels, 2), beta: noise(channels, 3) }
      await expectSameOnCpu(inputs, batchNorm, 1e-4)
      await expectSameOnCpu({ ...inputs, dy: noise(shape, 5) }, batchNormGradients, 1e-4)
    })

    it('gives the population variance, which is 0 of one value', async () => {
      const inputs = (shape: number[], values: number[]): Record<string, Values> => ({
        x: { shape, values },
        gamma: { shape: [1], values: [2] },
        beta: { shape: [1], values: [5] },
      })
      const [, mean, variance] = await valuesOn('webgpu', inputs([4, 1], [1, 2, 3, 6]), batchNorm)
      expect([mean!.values[0], variance!.values[0]]).toEqual([3, 3.5])
      const one = await valuesOn('webgpu', inputs([1, 1], [1e3]), batchNorm)
      expect(one.map(({ values }) => values[0])).toEqual([5, 1000, 0])
    })

    it('keeps the variance of values that lie far from zero', async () => {
      const values = Float32Array.from({ length: 4096 }, (_, i) => 10_000 + (i % 2))
      const inputs = {
        x: { shape: [4096, 1], values },
        gamma: { shape: [1], values: [1] },
        beta: { shape: [1], values: [0] },
      }
      const [, , variance] = await valuesOn('webgpu', inputs, batchNorm)
      expect(variance!.values[0]).toBeCloseTo(0.25, 3)
    })
  })

  describe('gradients of activations', () => {
    const dy = noise([3, 5, 7], 1)
    // With the borders themselves among the values.
    const around = { shape: [3, 5, 7], values: Float32Array.from({ length: 105 }, (_, i) => ((i * 7) % 17) - 5) }

    it.each([
      ['ReluGrad', 'y', {}],
      ['Relu6Grad', 'y', {}],
      ['ClipByValueGrad', 'x', { clipValueMin: -2, clipValueMax: 5 }],
    ])('%s is what its composed form gives', async (name, saved, attributes) => {
      const reference = (inputs: Record<string, Tensor>): Tensor => {
        if (name === 'ReluGrad') return reluGrad(inputs.dy!, inputs.y!)
        if (name === 'Relu6Grad') return relu6Grad(inputs.dy!, inputs.y!)
        return clipByValueGrad(inputs.dy!, inputs.x!, attributes as { clipValueMin: number; clipValueMax: number })
      }
      await expectSameOnCpu({ dy, [saved]: around }, kernel(name, attributes), 1e-7, { reference })
    })
  })

  it('MovingAverage', async () => {
    const inputs = { average: noise([9, 31], 1), value: noise([9, 31], 2) }
    await expectSameOnCpu(inputs, (all) => movingAverage(all as never, { kept: 0.9, taken: 0.15 }), 1e-6)
  })

  describe('steps of optimizers', () => {
    const shape = [9, 31]
    const inputs = { weight: noise(shape, 1), gradient: noise(shape, 2) }
    const velocity = noise(shape, 3)
    const square = positive(noise(shape, 4))
    const common = { pull: 0.3, coupled: 0.01, kept: 0.99 }

    it.each([false, true])('SgdUpdate, nesterov %s', async (nesterov) => {
      const attributes = { ...common, momentum: 0.9, gain: 0.7, nesterov }
      await expectSameOnCpu({ ...inputs, velocity }, (all) => sgdUpdate(all as never, attributes), 1e-6)
    })

    it('AdamUpdate', async () => {
      const attributes = { ...common, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 }
      await expectSameOnCpu({ ...inputs, mean: velocity, square }, (all) => adamUpdate(all as never, attributes), 1e-5)
    })

    it.each([
      ['inside', true, true],
      ['outside', false, true],
      ['outside', false, false],
    ])('RmsPropUpdate, epsilon %s of the root (%s), momentum %s', async (_, epsilonInside, moving) => {
      const attributes = { ...common, rho: 0.9, momentum: 0.9, gain: 0.7, epsilon: 1e-2, epsilonInside }
      const all = { ...inputs, square, ...(moving ? { velocity } : {}) }
      await expectSameOnCpu(all, (tensors) => rmsPropUpdate(tensors as never, attributes), 1e-5)
    })
  })

  describe('MaxPoolGrad', () => {
    const shape = [2, 7, 6, 3]
    const few = Float32Array.from({ length: 252 }, (_, i) => [-1, -2, 0, -1, -1][i % 5]!)

    it.each([
      ['values of all sorts', noise(shape, 1)],
      ['equal values, of which the first gets it', { shape, values: few }],
      ['negative values', shifted(noise(shape, 2), -3)],
    ])('gives back to %s what cpu gives', async (_, x) => {
      for (const [size, strides, pad] of [
        [2, 2, 'valid'],
        [3, 2, 'same'],
        [3, 1, 'same'],
        [3, 2, 1],
        [2, 3, 'valid'],
      ] as const) {
        const pooled = (input: Tensor): Tensor => maxPool(input as Tensor4D, size, strides, pad)
        const { outShape } = backend_util.computePool2DInfo(shape as Four, size, strides, 1, pad)
        const work = ({ x, dy }: Record<string, Tensor>): Tensor => grad(pooled)(x!, dy!)
        await expectSameOnCpu({ x, dy: noise(outShape, 3) }, work, 1e-6, { label: `${size}, ${strides}, ${pad}` })
      }
    })
  })

  it('AddN takes more tensors than a shader has places for', async () => {
    const terms = Array.from({ length: 23 }, (_, i) => [`t${i}`, noise([3, 5], i)] as const)
    await expectSameOnCpu(Object.fromEntries(terms), (tensors) => addN(Object.values(tensors)), 1e-6)
  })

  it('products of long rows, whichever side is transposed', async () => {
    const sizes = [
      [2, 4096, 256],
      [20, 3000, 32],
      [20, 3000, 30],
      [64, 2048, 64],
    ] as const
    for (const [rows, depth, columns] of sizes) {
      for (const [transposeA, transposeB] of [
        [false, true],
        [true, false],
        [true, true],
      ] as const) {
        const a = noise(transposeA ? [1, depth, rows] : [1, rows, depth], 1)
        const b = noise(transposeB ? [1, columns, depth] : [1, depth, columns], 2)
        await expectSameOnCpu({ a, b }, kernel('BatchMatMul', { transposeA, transposeB }), 1e-5)
        const attributes = { transposeA, transposeB, activation: 'relu' }
        await expectSameOnCpu({ a, b, bias: noise([columns], 3) }, kernel('_FusedMatMul', attributes), 1e-5)
      }
    }
  })

  it('ArgMax of a vector is a scalar', async () => {
    await expectSameOnCpu({ x: noise([7], 1) }, ({ x }) => argMax(x!), 0.5)
  })

  it('LRNGrad is what cpu gives', async () => {
    const inputs = { x: noise([2, 3, 3, 14], 1), dy: noise([2, 3, 3, 14], 2) }
    for (const radius of [0, 2, 5, 20]) {
      const attributes = { depthRadius: radius, bias: 2, alpha: 0.3, beta: 0.75 }
      const work = ({ x, dy }: Record<string, Tensor>): Tensor =>
        grad((input: Tensor) => localResponseNorm(input as Tensor4D, attributes))(x!, dy!)
      await expectSameOnCpu(inputs, work, 1e-5, { label: `${radius}` })
    }
  })

  describe.each(['linear', 'relu', 'relu6'] as const)('with %s behind it', (activation) => {
    it('ScaleShift is what its composed form gives', async () => {
      const inputs = { x: noise([2, 4, 5, 6], 1), scale: noise([6], 2), shift: shifted(noise([6], 3), 3) }
      await expectSameOnCpu(inputs, (all) => scaleShift(all as never, { activation }), 1e-5)
    })

    it('FusedConv2DAdd is what its composed form gives', async () => {
      const inputs = {
        x: noise([2, 7, 7, 3], 1),
        filter: noise([3, 3, 3, 8], 2),
        bias: shifted(noise([8], 3), 2),
        residual: noise([2, 4, 4, 8], 4),
      }
      const attributes = { strides: [2, 2], pad: 'same', dilations: [1, 1], activation } as const
      await expectSameOnCpu(inputs, (all) => fusedConv2dAdd(all as never, attributes as never), 1e-5)
    })
  })

  it('take booleans that were cast to floats', async () => {
    const inputs = { flags: { shape: [6, 2], values: [0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1], dtype: 'bool' as const } }
    const work = ({ flags }: Record<string, Tensor>): Tensor[] =>
      batchNorm({ x: cast(logicalNot(flags!), 'float32'), gamma: ones([2]), beta: zeros([2]) })
    await expectSameOnCpu(inputs, work, 1e-5)
  })

  it('give nothing for nothing', async () => {
    const empty = { shape: [0, 3], values: [] }
    await expectSameOnCpu({ dy: empty, y: empty }, kernel('ReluGrad'), 1e-5, {
      reference: ({ dy }) => mul(dy!, 1),
    })
  })
})
