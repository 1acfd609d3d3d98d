import '@tensorflow/tfjs-backend-cpu'
import { dispose, randomUniform, setBackend, slice, type Tensor } from '@tensorflow/tfjs-core'
import { input, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Flavor, rootScope, type Scope } from '../scope.ts'
import { denseBlock, denseLayer, transition } from './dense.ts'

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

const modelOf = (
  channels: number,
  build: (x: SymbolicTensor, scope: Scope) => SymbolicTensor,
): ReturnType<typeof model> => {
  const inputs = input({ shape: [7, 5, channels] })
  return model({ inputs, outputs: build(inputs, rootScope({ flavor }).at('stage1')) })
}

describe('dense blocks', () => {
  it('put what a layer makes behind what it was given', () => {
    const made = modelOf(3, (x, scope) => denseLayer(x, scope, { growthRate: 2 }))
    const x = randomUniform([2, 7, 5, 3], -1, 1)
    const y = made.predict(x) as Tensor
    expect(y.shape).toEqual([2, 7, 5, 5])
    const first = slice(y, [0, 0, 0, 0], [2, 7, 5, 3])
    expect(first.dataSync()).toEqual(x.dataSync())
    dispose([x, y, first])
    made.dispose()
  })

  it('grow by the growth rate with each layer, and see all before it', () => {
    const made = modelOf(16, (x, scope) => denseBlock(x, scope, { growthRate: 12, depth: 3 }))
    expect(made.outputShape).toEqual([null, 7, 5, 52])
    expect(made.getLayer('stage1.block3.norm').outputShape).toEqual([null, 7, 5, 40])
    expect(made.getLayer('stage1.block3.conv1').outputShape).toEqual([null, 7, 5, 48])
    made.dispose()
  })

  it('do without the 1x1 where there is no bottleneck', () => {
    const made = modelOf(16, (x, scope) => denseBlock(x, scope, { growthRate: 12, depth: 2, bottleneck: false }))
    const convolutions = made.layers.filter((layer) => layer.getClassName() === 'Conv2D')
    expect(convolutions.map(({ name }) => name)).toEqual(['stage1.block1.conv', 'stage1.block2.conv'])
    made.dispose()
  })

  it.each([
    [1, 17],
    [0.5, 8],
  ])('leave %d of the channels, rounded down, in a transition, which halves the grid', (compression, channels) => {
    const made = modelOf(17, (x, scope) => transition(x, scope, { compression }))
    expect(made.outputShape).toEqual([null, 3, 2, channels])
    made.dispose()
  })
})
