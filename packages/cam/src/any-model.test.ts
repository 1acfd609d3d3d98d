import '@tensorflow/tfjs-backend-cpu'
import { bottleneck, globalPool, rootScope } from '@cnnkit/layers'
import { add, memory, mul, randomUniform, setBackend, slice, sub, sum, type Tensor4D } from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model as layersModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ablationCam, cam, gradCam, guidedBackprop, mapsBy } from './index.ts'
import { toyFlavor } from './testing/flavor.ts'

let x: Tensor4D
beforeAll(async () => {
  await setBackend('cpu')
  x = randomUniform([2, 8, 8, 3], -1, 1, 'float32', 3)
})

const drawn = (name: string): ReturnType<typeof initializers.glorotUniform> =>
  initializers.glorotUniform({ seed: [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) })

const conv = (name: string, y: SymbolicTensor): SymbolicTensor =>
  layers
    .conv2d({ name, filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: drawn(name) })
    .apply(y) as SymbolicTensor

const picture = (): SymbolicTensor => input({ shape: [8, 8, 3] })

function body(): LayersModel {
  const y = picture()
  const joined = layers.concatenate({ name: 'stage1.join' }).apply([conv('stage1.left', y), conv('stage1.right', y)])
  return layersModel({ inputs: y, outputs: conv('stage2.conv', joined as SymbolicTensor), name: 'body' })
}

function classified(inputs: SymbolicTensor, grid: SymbolicTensor): LayersModel {
  const vector = layers.globalAveragePooling2d({ name: 'head.pool' }).apply(grid)
  const y = layers
    .dense({ name: 'head.logits', units: 3, activation: 'softmax', kernelInitializer: drawn('head') })
    .apply(vector)
  return layersModel({ inputs, outputs: y as SymbolicTensor, name: 'whole' })
}

const models: Readonly<Record<string, () => LayersModel>> = {
  'a model with branches': () => {
    const inner = body()
    return classified(inner.inputs[0]!, inner.outputs[0]!)
  },
  'a model within a model': () => {
    const y = picture()
    return classified(y, body().apply(y) as SymbolicTensor)
  },
  'a sequence that begins with a model': () =>
    sequential({
      layers: [
        body(),
        layers.globalAveragePooling2d({ name: 'head.pool' }),
        layers.dense({ name: 'head.logits', units: 3, activation: 'softmax', kernelInitializer: drawn('head') }),
      ],
    }),
  'a residual network': () => {
    const scope = rootScope({ flavor: toyFlavor, seed: 2 })
    const y = input({ shape: [8, 8, 3], name: 'input' })
    let grid = bottleneck(y, scope.at('stage1').at('block1'), { filters: 2, project: true })
    grid = bottleneck(grid, scope.at('stage2').at('block1'), { filters: 2, strides: 2, project: true })
    grid = bottleneck(grid, scope.at('stage2').at('block2'), { filters: 2 })
    return classified(y, grid)
  },
  'norms without gamma or beta': () => {
    const y = picture()
    const scaled = layers.batchNormalization({ name: 'stage1.norm', center: false }).apply(conv('stage1.conv', y))
    const moved = layers.batchNormalization({ name: 'stage2.norm', scale: false }).apply(scaled)
    return classified(y, conv('stage2.conv', moved as SymbolicTensor))
  },
}

/** Every grid of a model, by the name of its layer. */
const gridsOf = (model: LayersModel): readonly string[] =>
  model.layers.flatMap((layer) =>
    'layers' in layer
      ? gridsOf(layer as unknown as LayersModel)
      : (layer.getOutputAt(0) as SymbolicTensor).shape.length === 4 && layer.getClassName() !== 'InputLayer'
        ? [layer.name]
        : [],
  )

/** How far the slope of the scores along the gradient is from the gradient's length squared, relative. */
async function slopeDifference(model: LayersModel, layer: string): Promise<number> {
  const found: number[] = []
  const probe = mapsBy(() => ({
    name: 'probe',
    map: ({ activations, gradients, scoreGrids }) => {
      for (const picture of [0, 1]) {
        const one = (grids: Tensor4D): Tensor4D => slice(grids, [picture, 0, 0, 0], [1, -1, -1, -1])
        const step = mul(one(gradients()), 1e-3)
        const rise = sub(
          scoreGrids(add(one(activations), step), picture),
          scoreGrids(sub(one(activations), step), picture),
        )
        const length = (2 * sum(mul(step, step)).dataSync()[0]!) / 1e-3
        found.push(Math.abs(rise.dataSync()[0]! - length) / length)
      }
      return sum(activations, 3)
    },
  }))
  await probe(model, x, { layer, target: [0, 2] })
  return Math.max(...found)
}

describe.each(Object.entries(models))('%s', (_, build) => {
  it('has the gradient of its scores at every layer, within branches and blocks too', async () => {
    const model = build()
    const names = gridsOf(model)
    expect(names.length).toBeGreaterThan(2)
    const before = memory().numTensors
    for (const name of names) expect(await slopeDifference(model, name), name).toBeLessThan(3e-2)
    expect(memory().numTensors).toBe(before)
  })

  it('is read at its last stage', async () => {
    const [map] = await gradCam(build(), x)
    expect(map!.layer).toBe('stage2')
  })
})

describe('a model whose layers are not named by stage', () => {
  const plain = (end: (grid: SymbolicTensor) => SymbolicTensor): LayersModel => {
    const y = picture()
    const grid = layers.maxPooling2d({ poolSize: 2, name: 'pool' }).apply(conv('first', y)) as SymbolicTensor
    return layersModel({ inputs: y, outputs: end(conv('second', grid)), name: 'plain' })
  }

  it('is read at its last grid', async () => {
    const model = plain((grid) => layers.dense({ units: 3 }).apply(layers.flatten().apply(grid)) as SymbolicTensor)
    const [map] = await gradCam(model, x)
    expect([map!.layer, map!.height, map!.width]).toEqual(['second', 4, 4])
  })

  it('may end in a convolution with softmax that is reshaped, as in Keras', async () => {
    const model = plain((grid) => {
      const vector = layers.reshape({ targetShape: [1, 1, 4] }).apply(layers.globalAveragePooling2d({}).apply(grid))
      const scored = layers.conv2d({ filters: 3, kernelSize: 1, activation: 'softmax', name: 'scores' }).apply(vector)
      return layers.reshape({ targetShape: [3] }).apply(scored) as SymbolicTensor
    })
    expect((await gradCam(model, x))[0]!.layer).toBe('second')
    const [map] = await cam(model, x, { target: 1 })
    const kernel = model.getLayer('scores').getWeights()[0]!.dataSync()
    const [probe] = await mapsBy(() => ({
      name: 'probe',
      map: ({ activations }) =>
        sum(
          mul(
            activations,
            [0, 1, 2, 3].map((i) => kernel[3 * i + 1]!),
          ),
          3,
        ),
    }))(model, x)
    for (const [i, value] of map!.raw!.entries()) expect(value).toBeCloseTo(probe!.raw![i]!, 6)
  })

  it('has its logits before sigmoid too, within the dense layer and apart', async () => {
    const within = plain((grid) => {
      const vector = layers.globalAveragePooling2d({}).apply(grid)
      return layers.dense({ name: 'dense', units: 1, activation: 'sigmoid' }).apply(vector) as SymbolicTensor
    })
    const y = within.getLayer('dense').input as SymbolicTensor
    const dense = layers.dense({ units: 1 })
    const apart = layersModel({
      inputs: within.inputs,
      outputs: layers.activation({ activation: 'sigmoid' }).apply(dense.apply(y)) as SymbolicTensor,
    })
    dense.setWeights(within.getLayer('dense').getWeights())
    const [[one], [other]] = [await cam(within, x, { target: 0 }), await gradCam(apart, x, { target: 0 })]
    for (const [i, value] of one!.raw!.entries()) expect(value / 16).toBeCloseTo(other!.raw![i]!, 6)
    expect(within.getLayer('dense').getConfig().activation).toBe('sigmoid')
  })
})

describe('a model with auxiliary heads', () => {
  const build = (): LayersModel => {
    const inner = body()
    const model = classified(inner.inputs[0]!, inner.outputs[0]!)
    const early = inner.getLayer('stage1.join').output as SymbolicTensor
    const scope = rootScope({ flavor: toyFlavor, weightsFollow: true }).at('aux1')
    const grid = layers.conv2d({ name: 'aux1.conv1', filters: 2, kernelSize: 1 }).apply(early) as SymbolicTensor
    const aux = layers.dense({ units: 3 }).apply(globalPool(grid, scope, 'avg')) as SymbolicTensor
    return layersModel({ inputs: model.inputs, outputs: [model.outputs[0]!, aux], name: 'auxiliary' })
  }

  it('is explained by its first output', async () => {
    const [map] = await gradCam(build(), x, { layer: ['stage1', 'stage2'] })
    expect(map!.layer).toBe('stage1, stage2')
    await expect(gradCam(build(), x, { layer: 'aux1.conv1' })).rejects.toMatchObject({ code: 'NOT_ON_THE_WAY' })
  })
})

describe('a model that is applied twice', () => {
  const build = (): LayersModel => {
    const [inner, y] = [body(), picture()]
    const flipped = inner.apply(layers.reLU().apply(y))
    return classified(
      y,
      layers
        .add({ name: 'both' })
        .apply([inner.apply(y) as SymbolicTensor, flipped as SymbolicTensor]) as SymbolicTensor,
    )
  }

  it('can be read as a whole, and what follows it', async () => {
    for (const layer of ['body', 'both']) expect(await slopeDifference(build(), layer)).toBeLessThan(3e-2)
    await expect(gradCam(build(), x, { layer: 'stage1.join' })).rejects.toMatchObject({ code: 'NOT_ON_THE_WAY' })
  })

  it('leaves no tensor behind in any way of reading it', async () => {
    const model = build()
    const before = memory().numTensors
    await guidedBackprop(model, x)
    await ablationCam(model, x, { layer: 'both', channels: 2 })
    expect(memory().numTensors).toBe(before)
  })
})

it('says that a model of vectors has no grid', async () => {
  const y = input({ shape: [8] })
  const model = layersModel({ inputs: y, outputs: layers.dense({ units: 2 }).apply(y) as SymbolicTensor, name: 'flat' })
  await expect(gradCam(model, x)).rejects.toMatchObject({ code: 'NOT_A_GRID' })
  await expect(gradCam(body(), x)).rejects.toMatchObject({ code: 'NO_LOGITS' })
})
