import { type Picture, type PictureDataset, random } from '@cnnkit/images'
import { type Card, classifier, convNorm, type Flavor, globalPool, rootScope, setCard } from '@cnnkit/layers'
import { input, type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'

const flavor: Flavor = {
  name: 'toy',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}

const card: Card = {
  version: 1,
  architecture: 'toy',
  flavor: 'toy',
  preprocessing: {
    size: [8, 8],
    resize: 'stretch',
    cropFraction: 1,
    filter: 'bilinear',
    channelOrder: 'rgb',
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
  },
  labels: null,
  weights: null,
}

/** A small network of the house: stem, two stages, head; 8 x 8 pictures. */
export function toyModel(classes = 3): LayersModel {
  const scope = rootScope({ flavor, seed: 7 })
  const x = input({ shape: [8, 8, 3], name: 'input' })
  let y = convNorm(x, scope.at('stem').at('conv'), { filters: 6, kernelSize: 3, activation: 'relu' })
  for (const stage of ['stage1', 'stage2']) {
    y = convNorm(y, scope.at(stage).at('conv'), { filters: 8, kernelSize: 3, strides: 2, activation: 'relu' })
  }
  y = classifier(globalPool(y, scope.at('head'), 'avg'), scope.at('head'), { classes })
  const model = layersModel({ inputs: x, outputs: y, name: 'toy' })
  setCard(model, card)
  return model
}

/** Pictures that are mostly red, green or blue, with noise: easy to tell apart. */
export function colours(size: number, seed = 1): PictureDataset {
  const noise = random(seed)
  const pictures: Picture[] = Array.from({ length: size }, (_, i) => ({
    data: Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => noise.integer(120) + (at % 3 === i % 3 ? 100 : 0)),
    width: 8,
    height: 8,
    channels: 3,
  }))
  return {
    classes: ['red', 'green', 'blue'],
    size,
    label: (i) => i % 3,
    id: (i) => `${i}.png`,
    picture: async (i) => pictures[i]!,
  }
}

/** A store in memory, with a record of what was saved. */
export function memoryStore(): {
  name: string
  saved: Uint8Array[]
  load(): Promise<Uint8Array | undefined>
  save(bytes: Uint8Array): Promise<void>
  remove(): Promise<void>
} {
  let current: Uint8Array | undefined
  const saved: Uint8Array[] = []
  return {
    name: 'memory',
    saved,
    load: async () => current,
    save: async (bytes) => {
      current = bytes
      saved.push(bytes)
    },
    remove: async () => {
      current = undefined
    },
  }
}
