import type { Picture } from '@cnnkit/images'
import { type Card, classifier, globalPool, rootScope, setCard } from '@cnnkit/layers'
import { tensor } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { toyFlavor } from './flavor.ts'

/** For pictures of which the middle 16 x 16 pixels, or as many as are scaled to that, are seen as brightness from 0 to 1. */
export const plantedCard: Card = {
  version: 1,
  architecture: 'toy',
  flavor: 'toy',
  preprocessing: {
    size: [16, 16],
    resize: 'short-side',
    cropFraction: 1,
    filter: 'bilinear',
    channelOrder: 'rgb',
    mean: [0, 0, 0],
    std: [255, 255, 255],
  },
  labels: ['dark', 'bright'],
  weights: null,
}

/** A network whose evidence is planted: the one channel of stage 1 is how bright a 2 x 2 cell is, and class 1 is decided by it alone. */
export function planted(head: 'softmax apart' | 'softmax in the dense layer' = 'softmax apart'): LayersModel {
  const scope = rootScope({ flavor: toyFlavor, weightsFollow: true })
  const x = input({ shape: [16, 16, 3] })
  const cells = layers
    .conv2d({ name: 'stage1.conv', filters: 1, kernelSize: 2, strides: 2, useBias: false })
    .apply(x) as SymbolicTensor
  const pooled = globalPool(cells, scope.at('head'), 'avg')
  const dense = layers.dense({ name: 'head.logits', units: 2, activation: 'softmax' })
  const y =
    head === 'softmax apart'
      ? classifier(pooled, scope.at('head'), { classes: 2 })
      : (dense.apply(pooled) as SymbolicTensor)
  const model = layersModel({ inputs: x, outputs: y, name: 'planted' })
  setCard(model, plantedCard)
  model.getLayer('stage1.conv').setWeights([tensor(Array(12).fill(1 / 12), [2, 2, 3, 1])])
  model.getLayer('head.logits').setWeights([tensor([[0, 32]]), tensor([0.5, -0.5])])
  return model
}

/** Black, but for a white square. */
export function brightPatch(patch: {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly side: number
}): Picture {
  const { left, top, width, height, side } = patch
  const data = new Uint8Array(width * height * 3)
  for (let y = top; y < top + side; y++) data.fill(255, (y * width + left) * 3, (y * width + left + side) * 3)
  return { data, width, height, channels: 3 }
}
