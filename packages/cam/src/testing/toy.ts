import { convActivation, globalPool, logits, rootScope, type Scope, scores } from '@cnnkit/layers'
import { input, type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { toyFlavor } from './flavor.ts'

/** `[height, width, channels]` of what the toys take. */
export const toyInput: readonly [12, 16, 3] = [12, 16, 3]

/** Two convolutions with ReLU, of 12 x 16 and 6 x 8, and a head; four classes; no card. */
export function toy(head: (grid: SymbolicTensor, scope: Scope) => SymbolicTensor = pooled): LayersModel {
  const scope = rootScope({ flavor: { ...toyFlavor, convBias: true }, seed: 5 })
  const x = input({ shape: [...toyInput], name: 'input' })
  let y = convActivation(x, scope.at('stage1').at('conv1'), { filters: 6, kernelSize: 3, activation: 'relu' })
  y = convActivation(y, scope.at('stage2').at('conv1'), { filters: 8, kernelSize: 3, strides: 2, activation: 'relu' })
  return layersModel({ inputs: x, outputs: head(y, scope.at('head')), name: 'toy' })
}

/** Global average pooling, one dense layer, softmax apart. */
const pooled = (grid: SymbolicTensor, scope: Scope): SymbolicTensor =>
  scores(logits(globalPool(grid, scope, 'avg'), scope, { classes: 4 }), scope, 'softmax')
