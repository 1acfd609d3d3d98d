import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model as makeModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Branches,
  type ConvolutionUnit,
  type Cost,
  convolution,
  costOf,
  factorized,
  gridReduction,
  inception,
  type ModuleFilters,
  naiveBranches,
  reduced,
  reducedBranches,
  rootScope,
  type Scope,
} from '../index.ts'

const scope = (): Scope =>
  rootScope({
    flavor: {
      name: 'paper',
      convBias: false,
      normEpsilon: 1e-3,
      normMomentum: 0.9,
      stridedPadding: 'both',
      bottleneckStride: '1x1',
      kernelInitializer: 'heNormal',
    },
    weightsFollow: true,
  }).at('block')

const built = (shape: readonly [number, number, number], block: (x: SymbolicTensor) => SymbolicTensor): LayersModel => {
  const x = input({ shape: [...shape] })
  return makeModel({ inputs: x, outputs: block(x) })
}

/** A module of convolutions without bias and norm, as the paper counts. */
const bare: ConvolutionUnit = (x, at, options) => convolution(x, at, { ...options, useBias: false })

const costs = (side: number, channels: number, branches: Branches): Cost & { readonly channels: number } => {
  const model = built([side, side, channels], (x) => inception(x, scope(), { branches, unit: bare }))
  const cost = { ...costOf(model), channels: model.outputs[0]!.shape.at(-1)! }
  model.dispose()
  return cost
}

beforeAll(() => setBackend('cpu'))

/** Side and channels of the grid, filters, output channels, and what the paper prints: K parameters, M operations (Szegedy et al. 2014, table 1). */
const table: readonly [string, number, number, ModuleFilters, number, params: number, ops: number][] = [
  ['3a', 28, 192, { '1x1': 64, '3x3': [96, 128], '5x5': [16, 32], pool: 32 }, 256, 159, 128],
  ['3b', 28, 256, { '1x1': 128, '3x3': [128, 192], '5x5': [32, 96], pool: 64 }, 480, 380, 304],
  ['4a', 14, 480, { '1x1': 192, '3x3': [96, 208], '5x5': [16, 48], pool: 64 }, 512, 364, 73],
  ['4b', 14, 512, { '1x1': 160, '3x3': [112, 224], '5x5': [24, 64], pool: 64 }, 512, 437, 88],
  ['4c', 14, 512, { '1x1': 128, '3x3': [128, 256], '5x5': [24, 64], pool: 64 }, 512, 463, 100],
  ['4d', 14, 512, { '1x1': 112, '3x3': [144, 288], '5x5': [32, 64], pool: 64 }, 528, 580, 119],
  ['4e', 14, 528, { '1x1': 256, '3x3': [160, 320], '5x5': [32, 128], pool: 128 }, 832, 840, 170],
  ['5a', 7, 832, { '1x1': 256, '3x3': [160, 320], '5x5': [32, 128], pool: 128 }, 832, 1072, 54],
  ['5b', 7, 832, { '1x1': 384, '3x3': [192, 384], '5x5': [48, 128], pool: 128 }, 1024, 1388, 71],
]

describe("GoogLeNet's module", () => {
  it.each(table)('%s has the operations that the paper prints', (name, side, channels, filters, out, params, ops) => {
    const cost = costs(side, channels, reducedBranches(filters))
    expect(cost.channels).toBe(out)
    // The printed row 5a is 5 % over what its own filters give (and its parameters too).
    expect(Math.abs(cost.multiplyAccumulates / 1e6 - ops)).toBeLessThan(name === '5a' ? 3 : 0.7)
    // The paper's K is 1024. Only 3a and, to one, 3b and 4b fit its own filters; the others are off by up to 8 %.
    const off = Math.abs(cost.parameters / 1024 - params)
    expect(off).toBeLessThan(['3a', '3b', '4b'].includes(name) ? 1.01 : 0.08 * params)
    const { '1x1': one, '3x3': three, '5x5': five, pool } = filters
    const weights = [one, three[0], five[0], pool].reduce((sum, n) => sum + channels * n, 0)
    expect(cost.parameters).toBe(weights + 9 * three[0] * three[1] + 25 * five[0] * five[1])
  })

  it('is naive without its reductions: more weights, more operations, and channels that grow', () => {
    const [, side, channels, filters] = table[0]!
    const [naive, wise] = [naiveBranches, reducedBranches].map((make) => costs(side, channels, make(filters)))
    expect(naive).toMatchObject({ channels: 64 + 128 + 32 + 192, parameters: 192 * (64 + 9 * 128 + 25 * 32) })
    expect(naive!.multiplyAccumulates / wise!.multiplyAccumulates).toBeCloseTo(387072 / 163328, 6)
  })
})

describe('inception', () => {
  const branches: Branches = {
    branch1x1: [{ filters: 8, kernelSize: 1 }],
    branch5x5: reduced([4, 6], [3, 3]),
    branch7x7: reduced([4, 5], factorized(7)),
    branchSplit: [
      { filters: 4, kernelSize: 1 },
      { split: { branch1x3: [{ filters: 2, kernelSize: [1, 3] }], branch3x1: [{ filters: 3, kernelSize: [3, 1] }] } },
    ],
    branchPool: [{ pool: 'avg' }, { filters: 7, kernelSize: 1 }],
  }

  it('names its layers by branch and place', () => {
    const model = built([9, 9, 16], (x) => inception(x, scope(), { branches }))
    const names = model.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name)
    const convolutions = names.filter((name) => !name.endsWith('.norm'))
    expect([...convolutions].sort()).toEqual([
      'block.branch1x1.conv1',
      'block.branch5x5.conv1',
      'block.branch5x5.conv2',
      'block.branch5x5.conv3',
      'block.branch7x7.conv1',
      'block.branch7x7.conv2',
      'block.branch7x7.conv3',
      'block.branchPool.conv1',
      'block.branchSplit.branch1x3.conv1',
      'block.branchSplit.branch3x1.conv1',
      'block.branchSplit.conv1',
    ])
    expect(names.filter((name) => name.endsWith('.norm'))).toHaveLength(convolutions.length)
    expect(model.layers.some(({ name }) => name === 'block.branchPool.pool')).toBe(true)
    expect(model.layers.at(-1)!.name).toBe('block.concat')
    model.dispose()
  })

  it('concatenates in the order of its branches, a split within its own', () => {
    const model = built([9, 9, 16], (x) => inception(x, scope(), { branches }))
    const sources = (name: string): readonly string[] => {
      const { input: inputs } = model.getLayer(name)
      return (inputs as SymbolicTensor[]).map(({ sourceLayer }) => sourceLayer.name)
    }
    expect(model.outputShape).toEqual([null, 9, 9, 8 + 6 + 5 + (2 + 3) + 7])
    expect(sources('block.concat')).toEqual([
      'block.branch1x1.conv1.relu',
      'block.branch5x5.conv3.relu',
      'block.branch7x7.conv3.relu',
      'block.branchSplit.concat',
      'block.branchPool.conv1.relu',
    ])
    expect(sources('block.branchSplit.concat')).toEqual([
      'block.branchSplit.branch1x3.conv1.relu',
      'block.branchSplit.branch3x1.conv1.relu',
    ])
    model.dispose()
  })

  it('sees as much by two 3x3 as by a 5x5, and by 1x7 and 7x1 as by a 7x7, for less (Szegedy et al. 2015, section 3)', () => {
    const side = (steps: Branches[string]): readonly [number, number] => {
      const { layers, parameters } = costs(17, 8, { branch: steps })
      return [layers.at(-1)!.receptiveField!.size, parameters]
    }
    const square = (kernelSize: number): Branches[string] => [{ filters: 8, kernelSize }]
    const [five, two] = [side(square(5)), side([...square(3), ...square(3)])]
    expect(two[0]).toBe(five[0])
    expect(two[1] / five[1]).toBeCloseTo(18 / 25, 6)
    const pair = side(factorized(7).map((kernelSize) => ({ filters: 8, kernelSize })))
    expect(pair[1] / side(square(7))[1]).toBeCloseTo(2 / 7, 6)
  })
})

describe('gridReduction', () => {
  it.each([
    [35, 'valid', 17],
    [17, 'valid', 8],
    [28, 'same', 14],
  ] as const)('halves %i over the border %s to %i, the pooling last', (side, padding, expected) => {
    const before = memory().numTensors
    const model = built([side, side, 10], (x) =>
      gridReduction(x, scope(), {
        branches: { branch3x3: [{ filters: 6, kernelSize: 3 }], branchDouble: reduced([4, 5], [3, 3]) },
        padding,
      }),
    )
    expect(model.outputShape).toEqual([null, expected, expected, 6 + 5 + 10])
    expect(model.layers.some(({ name }) => name === 'block.branchPool.pool')).toBe(true)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
