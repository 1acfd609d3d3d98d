import {
  auxiliaryHead,
  type Card,
  cardOf,
  classifier,
  convNorm,
  drop,
  type Flavor,
  globalPool,
  rootScope,
  scores,
  setCard,
} from '@cnnkit/layers'
import { input, type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'
import { toyModel } from '../toy.fixture.ts'

const flavor: Flavor = {
  name: 'toy',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}

/** A small network with two auxiliary heads, norms and dropout; 8 x 8 pictures. Its outputs are scores: its own, `aux1`, `aux2`. */
export function auxiliaryToy({
  dropout = 0.3,
  norms = true,
}: {
  readonly dropout?: number
  readonly norms?: boolean
} = {}): LayersModel {
  const scope = rootScope({ flavor, seed: 3 })
  const x = input({ shape: [8, 8, 3], name: 'input' })
  let y = convNorm(x, scope.at('stem').at('conv'), { filters: 6, kernelSize: 3, activation: 'relu' })
  const side = []
  for (const [i, stage] of ['stage1', 'stage2', 'stage3'].entries()) {
    y = convNorm(y, scope.at(stage).at('conv'), { filters: 8, kernelSize: 3, activation: 'relu' })
    if (i === 2) continue
    const aux = scope.at(`aux${i + 1}`)
    const made = auxiliaryHead(y, aux, { classes: 3, convolutions: [{ filters: 4, kernelSize: 1 }], units: 5, dropout })
    side.push(scores(made, aux, 'softmax'))
  }
  const top = drop(globalPool(y, scope.at('head'), 'avg'), scope.at('head').at('hidden'), dropout)
  const own = classifier(top, scope.at('head'), { classes: 3 })
  const model = layersModel({ inputs: x, outputs: [own, ...side], name: 'auxiliary' })
  const plain = toyModel()
  const card: Card = { ...cardOf(plain), architecture: 'auxiliary' }
  plain.dispose()
  setCard(model, card)
  if (!norms)
    for (const layer of model.layers) if (layer.getClassName() === 'BatchNormalization') layer.trainable = false
  return model
}
