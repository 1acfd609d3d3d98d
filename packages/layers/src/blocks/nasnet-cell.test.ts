import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Flavor, rootScope, type Scope } from '../scope.ts'
import { invertedResidual } from './inverted-residual.ts'
import { normalCell, reductionCell } from './nasnet-cell.ts'

beforeAll(() => setBackend('cpu'))

const flavor: Flavor = {
  name: 'test',
  convBias: false,
  stridedPadding: 'same',
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const scope = (): Scope => rootScope({ flavor, weightsFollow: true }).at('block1')
const names = (network: LayersModel): readonly string[] => network.layers.map(({ name }) => name.replace('block1.', ''))

describe('NASNet-A cells', () => {
  const current = () => input({ shape: [8, 8, 12], name: 'current' })

  it('hand on six branches of the same grid, and four of half of it', () => {
    const [x, y] = [current(), current()]
    const normal = model({ inputs: x, outputs: normalCell(x, x, scope(), { filters: 4 }) })
    expect(normal.outputShape).toEqual([null, 8, 8, 24])
    const options = { filters: 4, maximumOver: 'zeros' } as const
    const reduced = model({ inputs: y, outputs: reductionCell(y, undefined, scope(), options) })
    expect(reduced.outputShape).toEqual([null, 4, 4, 16])
    for (const each of [normal, reduced]) each.dispose()
  })

  it.each([
    ['as it is, where it has the cell’s channels', [8, 8, 4], []],
    ['by a 1x1 convolution, where it has others', [8, 8, 10], ['previous']],
    ['by two strided ones, where it is twice the size', [16, 16, 10], ['previous.even', 'previous.odd']],
    ['with a row and a column of zeros, where twice the size is odd', [15, 15, 10], ['previous.odd.pad']],
  ])('take what came before %s', (_, shape, expected) => {
    const [x, before] = [current(), input({ shape, name: 'before' })]
    const network = model({ inputs: [x, before], outputs: normalCell(x, before, scope(), { filters: 4 }) })
    expect(network.outputShape).toEqual([null, 8, 8, 24])
    const found = names(network).filter((name) => /^previous(\.even|\.odd(\.pad)?)?$/.test(name))
    expect(found).toEqual(expect.arrayContaining(expected))
    if (expected.length === 0) expect(found).toEqual([])
    network.dispose()
  })
})

describe('invertedResidual', () => {
  it.each([
    [{ filters: 8, expansion: 6 }, [null, 8, 8, 8], ['expand', 'depthwise', 'project', 'add']],
    [{ filters: 8, expansion: 1 }, [null, 8, 8, 8], ['depthwise', 'project', 'add']],
    [{ filters: 16, expansion: 6 }, [null, 8, 8, 16], ['expand', 'depthwise', 'project']],
    [{ filters: 8, expansion: 6, strides: 2 }, [null, 4, 4, 8], ['expand', 'depthwise', 'project']],
  ])('%o gives %o of %o', (options, shape, parts) => {
    const x = input({ shape: [8, 8, 8] })
    const network = model({ inputs: x, outputs: invertedResidual(x, scope(), options) })
    expect(network.outputShape).toEqual(shape)
    expect(names(network).filter((name) => /^\w+$/.test(name) && !/^input/.test(name))).toEqual(parts)
    network.dispose()
  })
})
