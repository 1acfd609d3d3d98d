import '@tensorflow/tfjs-backend-cpu'
import {
  type FusedGroupedConv2DAttributes,
  type FusedGroupedConv2DInputs,
  fusedConv2dAdd,
  fusedGroupedConv2d,
} from '@cnnkit/kernels'
import { kernel, type Work } from '@cnnkit/testing/compare'
import { noise, relativeError, seeded } from '@cnnkit/testing/numbers'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  concat,
  engine,
  matMul,
  memory,
  ones,
  relu,
  relu6,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor4d,
} from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { engineOf } from '../../engine/engine.ts'
import { wasm } from '../../index.ts'
import { errorAgainstStock } from '../../testing/against-stock.ts'
import { expectSameOnCpu } from '../../testing/compare.ts'

const whole = (random: () => number, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1))

const packedBytes = (): number => (memory() as unknown as { packedBytes: number }).packedBytes

const groupedOnes = (): FusedGroupedConv2DInputs => ({
  x: ones([1, 9, 9, 32]),
  filter: ones([3, 3, 16, 64]),
  bias: ones([64]),
})
const twoGroups = (): FusedGroupedConv2DAttributes => ({
  groups: 2,
  strides: [1, 1],
  pad: 'same',
  dilations: [1, 1],
  activation: 'relu',
})

describe.each([1, 2])('our own kernels on %i thread(s)', (threads) => {
  beforeAll(async () => void (await wasm({ threads }).start()))
  afterEach(() => {
    vi.restoreAllMocks()
    expect(memory().numTensors).toBe(0)
  })

  it.each(['MaxPool', 'AvgPool'])('%s as TensorFlow.js does, for two hundred windows', (name) => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const filterSize = random() < 0.5 ? [3, 3] : [whole(random, 1, 7), whole(random, 1, 7)]
      const strides = random() < 0.5 ? [1, 1] : [whole(random, 1, 3), whole(random, 1, 3)]
      const [height, width] = filterSize.map((side) => whole(random, side, 24))
      const x = [whole(random, 1, 3), height!, width!, random() < 0.5 ? 16 : whole(random, 1, 40)]
      const attributes = { filterSize, strides, pad: random() < 0.5 ? 'same' : 'valid' }
      const call = { kernel: name, inputs: { x }, attributes }
      expect(errorAgainstStock(call, seed), JSON.stringify(call)).toBeLessThan(1e-6)
    }
  })

  it.each([
    ['Relu', ['x'], {}],
    ['Relu6', ['x'], {}],
    ['ClipByValue', ['x'], { clipValueMin: -0.3, clipValueMax: 0.4 }],
    ['Add', ['a', 'b'], {}],
  ] as const)('%s to the bit, for any number of values', (name, inputs, attributes) => {
    for (const size of [1, 2, 3, 4, 15, 16, 17, 63, 64, 65, 1000, 16_384, 16_385, 100_003]) {
      const shapes = Object.fromEntries(inputs.map((input) => [input, [size]]))
      expect(errorAgainstStock({ kernel: name, inputs: shapes, attributes }, size), `${size}`).toBe(0)
    }
  })

  it('sums of other shapes and types go to TensorFlow.js’ kernel', async () => {
    await expectSameOnCpu({ a: noise([3, 4, 5], 1), b: noise([5], 2) }, kernel('Add', {}), 1e-9)
    const integers = { values: Int32Array.of(1, 2, 3), shape: [3], dtype: 'int32' as const }
    await expectSameOnCpu({ a: integers, b: integers }, kernel('Add', {}), 1e-9)
  })

  it('a value that is no number stays one', () => {
    const x = tensor1d([Number.NaN, -1, 7, Number.NaN, Number.POSITIVE_INFINITY])
    const [cut, cut6] = [relu(x), relu6(x)]
    expect([...cut.dataSync()]).toEqual([Number.NaN, 0, 7, Number.NaN, Number.POSITIVE_INFINITY])
    expect([...cut6.dataSync()]).toEqual([Number.NaN, 0, 6, Number.NaN, 6])
    for (const made of [x, cut, cut6]) made.dispose()
  })

  it('tensors side by side, cut and bordered, as on cpu', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed)
      const shape = Array.from({ length: whole(random, 1, 4) }, () => whole(random, 1, 30))
      const axis = whole(random, 0, shape.length - 1)
      const other = shape.map((side, i) => (i === axis ? whole(random, 1, 30) : side))
      const parts = { 0: noise(shape, seed), 1: noise(other, seed + 1) }
      await expectSameOnCpu(parts, ({ 0: a, 1: b }) => concat([a!, b!], axis), 1e-9)
      const begin = shape.map((side) => whole(random, 0, side - 1))
      const size = shape.map((side, i) => whole(random, 1, side - begin[i]!))
      await expectSameOnCpu({ x: noise(shape, seed) }, kernel('Slice', { begin, size }), 1e-9)
      const paddings = shape.map(() => [whole(random, 0, 3), whole(random, 0, 3)])
      await expectSameOnCpu({ x: noise(shape, seed) }, kernel('PadV2', { paddings, constantValue: 0.25 }), 1e-9)
    }
  })

  it('copies keep the bits of what is no number', () => {
    const x = tensor4d(new Float32Array(2 * 40 * 40 * 3).fill(Number.NaN), [2, 40, 40, 3])
    const [twice, part] = [concat([x, x], 3), slice(x, [0, 1, 1, 0], [2, 38, 38, 3])]
    const bits = (made: typeof twice): Set<number> =>
      new Set(new Int32Array((made.dataSync() as Float32Array).slice().buffer))
    expect(bits(twice)).toEqual(bits(x))
    expect(bits(part)).toEqual(bits(x))
    for (const made of [x, twice, part]) made.dispose()
  })

  it('convolutions in groups, as on cpu', async () => {
    for (let seed = 1; seed <= 80; seed++) {
      const random = seeded(seed)
      const groups = whole(random, 1, 4)
      const [depth, filters] = random() < 0.4 ? [16, 20] : [whole(random, 1, 12), whole(random, 1, 20)]
      const side = random() < 0.5 ? 3 : whole(random, 1, 5)
      const strides = random() < 0.6 ? [1, 1] : [whole(random, 1, side), whole(random, 1, side)]
      const shape = [whole(random, 1, 2), whole(random, side, 12), whole(random, side, 12), groups * depth]
      const inputs = {
        x: noise(shape, seed),
        filter: noise([side, side, depth, groups * filters], seed + 1),
        bias: noise([groups * filters], seed + 2),
      }
      const attributes: FusedGroupedConv2DAttributes = {
        groups,
        strides: strides as [number, number],
        pad: seed % 2 ? 'same' : 'valid',
        dilations: [1, 1],
        activation: (['linear', 'relu', 'relu6'] as const)[seed % 3]!,
      }
      const work: Work = ({ x, filter, bias }) =>
        fusedGroupedConv2d({ x: x as Tensor4D, filter: filter as Tensor4D, bias: bias as Tensor1D }, attributes)
      await expectSameOnCpu(inputs, work, 1e-5)
    }
  })

  it('a convolution in groups packs the weights of each group once, and drops them with the filter', () => {
    const inputs = groupedOnes()
    const bytes = [1, 2, 3].map(() => {
      fusedGroupedConv2d(inputs, twoGroups()).dispose()
      return packedBytes()
    })
    // 2 groups of 4 panels of 16 planes: 16 channels by 8, and a line of the cache.
    expect(bytes).toEqual(Array(3).fill(2 * 4 * 16 * (16 * 8 * 4 + 64)))
    for (const made of Object.values(inputs)) made.dispose()
    expect(packedBytes()).toBe(0)
  })

  it.each(['in groups', 'with a sum'])('a convolution %s that finds no room is put together of others', (kind) => {
    const filled = (shape: number[], seed: number): Tensor => tensor(noise(shape, seed).values, shape)
    const x = filled([1, 9, 9, 32], 1) as Tensor4D
    const filter = filled([3, 3, kind === 'in groups' ? 16 : 32, 64], 2) as Tensor4D
    const [bias, residual] = [filled([64], 3) as Tensor1D, filled([1, 9, 9, 64], 4) as Tensor4D]
    const { groups, ...attributes } = twoGroups()
    const run = (): Tensor4D =>
      kind === 'in groups'
        ? fusedGroupedConv2d({ x, filter, bias }, { groups, ...attributes })
        : fusedConv2dAdd({ x, filter, bias, residual }, attributes)
    const whole = run()
    const refused = vi.spyOn(engineOf(engine().backend as BackendWasm)!, 'run').mockReturnValueOnce(false)
    const composed = run()
    expect(refused).toHaveBeenCalled()
    expect(relativeError(composed.dataSync(), whole.dataSync())).toBeLessThan(1e-5)
    for (const made of [x, filter, bias, residual, whole, composed]) made.dispose()
  })

  it('dense layers of one to three rows, as on cpu', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed)
      const [rows, depth, columns] = [whole(random, 1, 3), whole(random, 1, 400), whole(random, 1, 70)]
      const inputs = { a: noise([1, rows, depth], seed), b: noise([1, depth, columns], seed + 1) }
      const attributes = { transposeA: false, transposeB: false }
      await expectSameOnCpu(inputs, kernel('BatchMatMul', attributes), 1e-5)
      const biased = { ...inputs, bias: noise([columns], seed + 2) }
      await expectSameOnCpu(biased, kernel('_FusedMatMul', { ...attributes, activation: 'relu6' }), 1e-5)
    }
  })

  it('dense layers of up to three rows pack nothing, larger ones do', () => {
    const weights = ones([64, 48])
    const packedBy = (rows: number): number => {
      const x = ones([rows, 64])
      matMul(x, weights as Tensor2D).dispose()
      x.dispose()
      return packedBytes()
    }
    expect([packedBy(1), packedBy(3)]).toEqual([0, 0])
    expect(packedBy(4)).toBeGreaterThan(0)
    weights.dispose()
  })
})

it('a dense layer of one row gives the same bits on any number of threads', async () => {
  const results: number[][] = []
  for (const threads of [1, 2, 3]) {
    await wasm({ threads }).start()
    const { values } = noise([1, 3000], 1)
    const a = engine().makeTensor(values, [1, 1, 3000], 'float32')
    const b = engine().makeTensor(noise([3000, 50], 2).values, [1, 3000, 50], 'float32')
    const y = engine().runKernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }) as typeof a
    results.push([...y.dataSync()])
    for (const made of [a, b, y]) made.dispose()
  }
  expect(results[1]).toEqual(results[0])
  expect(results[2]).toEqual(results[0])
})
