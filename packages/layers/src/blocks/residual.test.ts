import '@tensorflow/tfjs-backend-cpu'
import { dispose, memory, randomUniform, setBackend, type Tensor, tensor4d, zeros } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Flavor, rootScope, type Scope } from '../scope.ts'
import { basic, bottleneck, plain, preactivation } from './residual.ts'

beforeAll(() => setBackend('cpu'))

const flavor: Flavor = {
  name: 'paper',
  convBias: false,
  stridedPadding: 'both',
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}

type Build = (x: SymbolicTensor, scope: Scope) => SymbolicTensor

function modelOf(shape: [number, number, number], build: Build, form: Flavor = flavor): LayersModel {
  const inputs = input({ shape })
  return model({ inputs, outputs: build(inputs, rootScope({ flavor: form }).at('block1')) })
}

/** What a block gives when its convolutions give nothing: what goes past them. */
function past(shape: [number, number, number], values: number[], build: Build): number[][][] {
  const block = modelOf(shape, build)
  const x = tensor4d(values, [1, ...shape])
  block.setWeights(block.getWeights().map((weight) => (weight.shape.length === 4 ? zeros(weight.shape) : weight)))
  const y = block.predict(x) as Tensor
  const grid = (y.arraySync() as number[][][][])[0]!
  dispose([x, y])
  block.dispose()
  return grid
}

const grid = [1, 2, 3, 4, 5, 6, 7, 8, -9, 10, 11, 12, 13, 14, 15, 16]

describe('residual blocks', () => {
  it('hand the input on where they change no shape', () => {
    const same = past([4, 4, 1], grid, (x, scope) => basic(x, scope, { filters: 1 }))
    expect(same.flat(2)).toEqual(grid.map((value) => Math.max(0, value)))
    const raw = past([2, 2, 4], grid, (x, scope) => preactivation(x, scope, { filters: 1 }))
    expect(raw.flat(2)).toEqual(grid)
  })

  it('take every other pixel and put zeros on both sides of the channels where they do (option A)', () => {
    const halved = past([4, 4, 1], grid, (x, scope) => basic(x, scope, { filters: 4, strides: 2 }))
    expect(halved).toEqual([
      [
        [0, 1, 0, 0],
        [0, 3, 0, 0],
      ],
      [
        [0, 0, 0, 0],
        [0, 11, 0, 0],
      ],
    ])
  })

  it.each([
    ['basic', basic, 8],
    ['bottleneck', bottleneck, 32],
    ['preactivation', preactivation, 32],
  ] as const)('%s projects with a convolution where it is told to', (_, block, channels) => {
    const build: Build = (x, scope) => block(x, scope, { filters: 8, strides: 2, project: true })
    const made = modelOf([9, 7, 3], build)
    expect(made.outputShape).toEqual([null, 5, 4, channels])
    expect(made.getLayer('block1.shortcut').outputShape).toEqual([null, 5, 4, channels])
    expect(made.layers.some(({ name }) => name === 'block1.shortcut.norm')).toBe(block !== preactivation)
    made.dispose()
  })

  it.each([
    ['1x1', [null, 4, 4, 2]],
    ['3x3', [null, 8, 8, 2]],
  ] as const)('a bottleneck halves the grid where the flavor says: in its %s', (bottleneckStride, first) => {
    const build: Build = (x, scope) => bottleneck(x, scope, { filters: 2, strides: 2, project: true })
    const made = modelOf([8, 8, 3], build, { ...flavor, bottleneckStride })
    expect(made.getLayer('block1.conv1').outputShape).toEqual(first)
    expect(made.getLayer('block1.conv2').outputShape).toEqual([null, 4, 4, 2])
    made.dispose()
  })

  it('a preactivation has biases in the convolutions that are added, where it is told to', () => {
    const made = modelOf([4, 4, 2], (x, scope) => preactivation(x, scope, { filters: 2, project: true, useBias: true }))
    const biased = made.layers.filter((layer) => layer.getConfig().useBias === true)
    expect(biased.map(({ name }) => name).sort()).toEqual(['block1.conv3', 'block1.shortcut'])
    made.dispose()
  })

  it('a plain block has nothing past its convolutions, and leaves nothing behind', () => {
    const before = memory().numTensors
    const made = modelOf([6, 6, 3], (x, scope) => plain(x, scope, { filters: 4, strides: 2 }))
    expect(made.layers.map(({ name }) => name).filter((name) => /add|shortcut/.test(name))).toEqual([])
    const x = randomUniform([2, 6, 6, 3])
    const y = made.predict(x) as Tensor
    expect(y.shape).toEqual([2, 3, 3, 4])
    expect(Math.min(...y.dataSync())).toBeGreaterThanOrEqual(0)
    dispose([x, y])
    made.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
