import '@tensorflow/tfjs-backend-cpu'
import {
  dispose,
  io,
  memory,
  mul,
  randomUniform,
  setBackend,
  type Tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as layersModel,
  loadLayersModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { convNorm, convolution, normAndActivation } from '../blocks/conv-norm.ts'
import { denseBlock } from '../blocks/dense.ts'
import { inception } from '../blocks/inception.ts'
import { invertedResidual } from '../blocks/inverted-residual.ts'
import { basic, bottleneck, preactivation } from '../blocks/residual.ts'
import { separable } from '../blocks/separable.ts'
import { setCard } from '../card.ts'
import { batchNorm } from '../layers/batch-norm.ts'
import { groupedConv2d } from '../layers/grouped-conv.ts'
import { registerLayers } from '../layers/register-layers.ts'
import { endpoint } from '../path.ts'
import { runStretch, stretch } from '../run.ts'
import { rootScope, type Scope } from '../scope.ts'
import { tiny } from '../tiny.fixture.ts'
import { dropFused, fuse, fusedStretch, fusedUpTo } from './fuse.ts'

beforeAll(async () => {
  await setBackend('cpu')
  registerLayers()
})

type Body = (x: SymbolicTensor, scope: Scope) => SymbolicTensor

/** A network whose norms have factors, shifts and statistics that do something. */
function network(body: Body, shape: number[] = [9, 9, 4], flavor: Partial<typeof tiny> = {}): LayersModel {
  const x = input({ shape, name: 'input' })
  const scope = rootScope({ flavor: { ...tiny, ...flavor }, seed: 3 })
  return stirred(layersModel({ inputs: x, outputs: body(x, scope.at('stage1')) }))
}

function stirred(model: LayersModel): LayersModel {
  model.layers.forEach((layer, n) => {
    if (layer.weights.length === 0) return
    const drawn = layer.weights.map(({ shape, originalName }, i) => {
      const middle = /gamma|variance/.test(originalName) ? 1 : 0
      return randomUniform(shape as number[], middle - 0.4, middle + 0.4, 'float32', 100 * n + i + 1)
    })
    layer.setWeights(drawn)
    dispose(drawn)
  })
  return model
}

const picture = (shape: number[] = [2, 9, 9, 4]): Tensor => randomUniform(shape, -1, 1, 'float32', 7)

const classNames = (model: LayersModel): string[] => model.layers.map((layer) => layer.getClassName())

function outputs(model: LayersModel, x: Tensor): Float32Array {
  return tidy(() => (model.predict(x) as Tensor).dataSync<'float32'>().slice())
}

function difference(a: Float32Array, b: Float32Array): number {
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(a.length).toBe(b.length)
  return b.reduce((worst, value, i) => Math.max(worst, Math.abs(a[i]! - value)), 0) / largest
}

/** What the fused form has for layers, once it is seen to give the same as the network. */
function fusedLayers(model: LayersModel, options: { plain?: boolean } = {}): string[] {
  const x = picture([2, ...(model.inputs[0]!.shape.slice(1) as number[])])
  const own = memory().numTensors
  const form = fuse(model, options)
  expect(difference(outputs(form, x), outputs(model, x))).toBeLessThan(1e-5)
  const found = classNames(form)
  dropFused(model)
  expect(memory().numTensors).toBe(own)
  x.dispose()
  model.dispose()
  return found
}

describe('what fuse makes of', () => {
  it('a convolution, norm and ReLU: one convolution of TensorFlow.js with a bias', () => {
    const body: Body = (x, s) => convNorm(x, s.at('conv'), { filters: 6, kernelSize: 3, activation: 'relu' })
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'Conv2D'])
  })

  it('a norm without a factor', () => {
    const body: Body = (x, s) => convNorm(x, s.at('conv'), { filters: 6, kernelSize: 3, activation: 'relu' })
    expect(fusedLayers(network(body, [9, 9, 4], { normScale: false }))).toEqual(['InputLayer', 'Conv2D'])
  })

  it('a bottleneck with a projection: four convolutions, the last with sum and ReLU', () => {
    const body: Body = (x, s) => bottleneck(x, s.at('block1'), { filters: 3, strides: 2, project: true })
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'Conv2D', 'FusedConv2D', 'Conv2D', 'FusedConv2D'])
  })

  it('a shortcut that is widened by zeros among the channels: that padding is left alone', () => {
    const body: Body = (x, s) => basic(x, s.at('block1'), { filters: 8, strides: 2 })
    expect(fusedLayers(network(body)).sort()).toEqual(
      ['FusedConv2D', 'FusedConv2D', 'InputLayer', 'MaxPooling2D', 'ZeroPadding2D'].sort(),
    )
  })

  it('an inverted residual: three convolutions', () => {
    const body: Body = (x, s) => invertedResidual(x, s.at('block1'), { filters: 4, expansion: 3 })
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'FusedConv2D', 'FusedDepthwiseConv2D', 'FusedConv2D'])
  })

  it('a strided depthwise convolution with a border of zeros: one layer', () => {
    const body: Body = (x, s) =>
      separable(x, s.at('block1'), {
        filters: 5,
        strides: 2,
        padding: [
          [0, 1],
          [0, 1],
        ],
      })
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'FusedDepthwiseConv2D', 'FusedConv2D'])
  })

  it('norms that other layers stand before: one pass with their ReLU', () => {
    const body: Body = (x, s) => denseBlock(x, s, { growthRate: 3, depth: 2 })
    const layer = ['ScaleShift', 'Conv2D', 'Conv2D', 'Concatenate']
    expect(fusedLayers(network(body))).toEqual(['InputLayer', ...layer, ...layer])
  })

  it('a preactivated block: its first norm, three convolutions, the last with the sum', () => {
    const body: Body = (x, s) => preactivation(x, s.at('block1'), { filters: 1 })
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'ScaleShift', 'Conv2D', 'Conv2D', 'FusedConv2D'])
  })

  it('a norm and ReLU behind a concatenation: in the branches, where each ends in a convolution', () => {
    const branches = { a: [{ filters: 3, kernelSize: 1 }], b: [{ filters: 5, kernelSize: 3 }] }
    const body: Body = (x, s) => normAndActivation(inception(x, s, { branches, unit: convolution }), s, 'relu')
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'Conv2D', 'Conv2D', 'Concatenate'])
  })

  it('a norm behind a concatenation of something else: itself', () => {
    const body: Body = (x, s) => {
      const y = convolution(x, s.at('conv'), { filters: 3, kernelSize: 1 })
      return normAndActivation(layers.concatenate().apply([x, y]) as SymbolicTensor, s, 'relu')
    }
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'Conv2D', 'Concatenate', 'ScaleShift'])
  })

  it('a norm before a convolution: the convolution, where no border is padded', () => {
    const behind = (padding: 'same' | 'valid'): Body => {
      return (x, s) => convolution(normAndActivation(x, s), s.at('conv'), { filters: 3, kernelSize: 3, padding })
    }
    expect(fusedLayers(network(behind('valid')))).toEqual(['InputLayer', 'Conv2D'])
    expect(fusedLayers(network(behind('same')))).toEqual(['InputLayer', 'ScaleShift', 'Conv2D'])
  })

  it('norms before and behind dense and depthwise layers, in groups and separable', () => {
    const norm = (): ReturnType<typeof batchNorm> => batchNorm()
    const around = (...all: { apply(x: SymbolicTensor): unknown }[]): Body => {
      return (x) => all.reduce((y, layer) => layer.apply(y) as SymbolicTensor, x)
    }
    const dense = around(
      norm(),
      layers.dense({ units: 5 }),
      norm(),
      layers.reLU({ maxValue: 6 }),
      layers.dense({ units: 2, activation: 'softmax' }),
    )
    expect(fusedLayers(network(dense, [6]))).toEqual(['InputLayer', 'Dense', 'Dense'])
    const depthwise = around(norm(), layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), norm())
    expect(fusedLayers(network(depthwise))).toEqual(['InputLayer', 'FusedDepthwiseConv2D'])
    const grouped = around(groupedConv2d({ groups: 2, filters: 6, kernelSize: 3 }), norm(), layers.reLU())
    expect(fusedLayers(network(grouped))).toEqual(['InputLayer', 'GroupedConv2D'])
    const separableLayer = around(
      layers.separableConv2d({ filters: 6, kernelSize: 3, useBias: false }),
      norm(),
      layers.activation({ activation: 'relu' }),
    )
    expect(fusedLayers(network(separableLayer))).toEqual(['InputLayer', 'SeparableConv2D'])
  })

  it('rescalings and dropout: nothing', () => {
    const body: Body = (x, s) => {
      const scaled = layers
        .rescaling({ scale: 0.3, offset: 0.2 })
        .apply(convolution(x, s.at('conv'), { filters: 4, kernelSize: 3 }))
      return layers.add().apply([x, layers.dropout({ rate: 0.5 }).apply(scaled) as SymbolicTensor]) as SymbolicTensor
    }
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'FusedConv2D'])
  })

  it('a convolution that two layers take, or that is handed on: itself', () => {
    const body: Body = (x, s) => {
      const y = convolution(x, s.at('conv'), { filters: 4, kernelSize: 3 })
      return layers.multiply().apply([y, normAndActivation(y, s, 'relu')]) as SymbolicTensor
    }
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'Conv2D', 'ScaleShift', 'Multiply'])
  })

  it('a layer that is applied twice: the same, with its weights once', () => {
    const conv = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' })
    const body: Body = (x, s) => normAndActivation(conv.apply(conv.apply(x)) as SymbolicTensor, s, 'relu')
    expect(fusedLayers(network(body))).toEqual(['InputLayer', 'Conv2D', 'ScaleShift'])
  })

  it('a model inside the network: its layers, and one that is applied twice is fused by itself', () => {
    const inner = (): LayersModel =>
      stirred(
        sequential({
          layers: [
            layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [9, 9, 4] }),
            batchNorm(),
            layers.reLU(),
          ],
        }),
      )
    const [once, twice] = [inner(), inner()]
    const x = input({ shape: [9, 9, 4] })
    const y = twice.apply(twice.apply(once.apply(x))) as SymbolicTensor
    const model = layersModel({ inputs: x, outputs: y })
    const found = fusedLayers(model)
    expect(found.slice(0, 2)).toEqual(['InputLayer', 'Conv2D'])
    expect(found.length).toBe(3)
  })

  it('a network with several outputs: as many', () => {
    const model = network((x, s) => convNorm(x, s.at('conv1'), { filters: 4, kernelSize: 3, activation: 'relu' }))
    const side = convNorm(model.outputs[0]!, rootScope({ flavor: tiny, seed: 4 }).at('aux1'), {
      filters: 2,
      kernelSize: 1,
    })
    const both = stirred(layersModel({ inputs: model.inputs, outputs: [model.outputs[0]!, side] }))
    const x = picture()
    const [expected, given] = [both, fuse(both)].map((m) =>
      tidy(() => (m.predict(x) as Tensor[]).map((t) => t.dataSync<'float32'>().slice())),
    )
    expect(given!.map((values, i) => difference(values, expected![i]!) < 1e-5)).toEqual([true, true])
    both.dispose()
    x.dispose()
  })

  it('any of these, plain: layers of TensorFlow.js alone, with no norm that could be folded', () => {
    const body: Body = (x, s) => invertedResidual(x, s.at('block1'), { filters: 4, expansion: 3 })
    expect(fusedLayers(network(body), { plain: true })).toEqual([
      'InputLayer',
      'Conv2D',
      'ReLU',
      'DepthwiseConv2D',
      'ReLU',
      'Conv2D',
      'Add',
    ])
  })
})

describe('the fused form', () => {
  const block: Body = (x, s) => bottleneck(x, s.at('block1'), { filters: 1, strides: 1 })

  it('has the names of the layers, and the values of those that end a part of the network', () => {
    const model = network(block)
    const form = fuse(model)
    expect(form.getLayer('stage1.block1.conv2').getClassName()).toBe('Conv2D')
    const x = picture()
    const upTo = fusedUpTo(model, endpoint(model, 'stage1.block1.relu'))!
    const whole = outputs(model, x)
    expect(
      difference(
        tidy(() => runStretch(upTo, x).dataSync<'float32'>().slice()),
        whole,
      ),
    ).toBeLessThan(1e-5)
    expect(fusedUpTo(model, endpoint(model, 'stage1.block1.conv2.norm'))).toBeUndefined()
    x.dispose()
    model.dispose()
  })

  it('of a stretch lasts while layers elsewhere are written to', () => {
    const model = network(block)
    const [from, to] = [model.inputs[0]!, endpoint(model, 'stage1.block1.conv1.relu')]
    const section = stretch(model, from, to)
    const form = fusedStretch(model, section)
    const x = picture()
    const [expected, given] = [section, form].map((s) => tidy(() => runStretch(s, x).dataSync<'float32'>().slice()))
    expect(difference(given!, expected!)).toBeLessThan(1e-5)
    const double = (path: string): void => {
      const weight = model.getLayer(path).weights[0]!.read() as Variable
      tidy(() => weight.assign(mul(weight, 2)))
    }
    double('stage1.block1.conv3')
    expect(fusedStretch(model, section).layers[0]).toBe(form.layers[0])
    double('stage1.block1.conv1')
    expect(fusedStretch(model, section).layers[0]).not.toBe(form.layers[0])
    x.dispose()
    model.dispose()
  })

  it('is made once, and anew after any write to a weight or a statistic', () => {
    const before = memory().numTensors
    const model = network(block)
    const x = picture()
    const first = fuse(model)
    const held = memory().numTensors
    expect(fuse(model)).toBe(first)
    for (const name of ['kernel', 'gamma', 'beta', 'moving_mean', 'moving_variance']) {
      const was = fuse(model)
      const weight = model.weights.find(({ originalName }) => originalName.endsWith(name))!
      tidy(() => {
        weight.write(mul(weight.read(), 1.5))
      })
      expect(fuse(model)).not.toBe(was)
      expect(difference(outputs(fuse(model), x), outputs(model, x))).toBeLessThan(1e-5)
      expect(memory().numTensors).toBe(held)
    }
    model.dispose()
    x.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('goes when it is dropped, and with the model that took the layers over', () => {
    const before = memory().numTensors
    const model = network(block)
    const own = memory().numTensors
    fuse(model)
    fuse(model, { plain: true })
    dropFused(model)
    expect(memory().numTensors).toBe(own)
    fuse(model)
    layersModel({ inputs: model.inputs, outputs: endpoint(model, 'stage1.block1.relu') })
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('shares the weights that fusing leaves as they are', () => {
    const model = network((x, s) => convolution(x, s.at('conv'), { filters: 6, kernelSize: 3 }))
    const buffers = memory().numDataBuffers
    fuse(model)
    expect(memory().numDataBuffers).toBe(buffers)
    model.dispose()
  })

  it('carries the card, is not trainable, and survives saving and loading', async () => {
    const model = network(block)
    setCard(model, { version: 1, architecture: 'none' } as never)
    const form = fuse(model)
    expect(form.getUserDefinedMetadata()).toEqual(model.getUserDefinedMetadata())
    expect(form.trainableWeights).toEqual([])
    let artifacts: io.ModelArtifacts | undefined
    await form.save(
      io.withSaveHandler(async (given) => {
        artifacts = given
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(artifacts!))
    const x = picture()
    expect(outputs(loaded, x)).toEqual(outputs(form, x))
    expect(classNames(loaded)).toEqual(classNames(form))
    loaded.dispose()
    model.dispose()
    x.dispose()
  })

  it('says which layer cannot be made anew, and leaves no tensor behind', () => {
    class Odd extends layers.Layer {
      static readonly className: string = 'Odd'
      constructor(private readonly by: { factor: number }) {
        super({})
        if (by?.factor === undefined) throw new Error('no factor')
      }
      override call(x: Tensor | Tensor[]): Tensor {
        return mul(Array.isArray(x) ? x[0]! : x, this.by.factor)
      }
    }
    const before = memory().numTensors
    const model = network((x, s) =>
      convolution(new Odd({ factor: 2 }).apply(block(x, s)) as SymbolicTensor, s.at('last'), {
        filters: 2,
        kernelSize: 1,
      }),
    )
    expect(() => fuse(model)).toThrow(expect.objectContaining({ code: 'CANNOT_FUSE' }))
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
