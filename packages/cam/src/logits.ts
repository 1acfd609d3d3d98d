import { CnnkitError } from '@cnnkit/errors'
import { inputsOf, outputOf, runStretch, type Stretch, stretch } from '@cnnkit/layers'
import { add, matMul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'

/** The part of a network from one of its grids to its logits. */
export type Tail = (activations: Tensor) => Tensor2D

/**
 * The function from a grid inside the network to its logits, in inference. A softmax at the end is left off, also where
 * it is part of the last dense layer.
 *
 * @throws `NO_LOGITS` when the network does not end in one score a class
 */
export function tailOf(model: LayersModel, from: SymbolicTensor): Tail {
  const last = model.layers[model.layers.length - 1]!
  const { activation } = last.getConfig() as { activation?: string }
  if (model.outputs[0]!.shape.length !== 2) {
    throw new CnnkitError(
      'cam',
      'NO_LOGITS',
      `${model.name} ends in [${model.outputs[0]!.shape.join(', ')}], not in one score a class. Use a model with a classifier.`,
    )
  }
  const run = (section: Stretch) => (activations: Tensor) =>
    runStretch(section, activations, { keepAll: true }) as Tensor2D
  if (last.getClassName() === 'Activation') return run(stretch(model, from, inputsOf(last)[0]!))
  if (last.getClassName() !== 'Dense' || activation === 'linear') return run(stretch(model, from, outputOf(last)))
  const before = run(stretch(model, from, inputsOf(last)[0]!))
  const [kernel, bias] = last.weights.map((weight) => weight.read())
  return (activations) => {
    const product = matMul<Tensor2D>(before(activations), kernel as Tensor2D)
    return bias ? add<Tensor2D>(product, bias) : product
  }
}
