import { layersAt, layersFrom, type Stretch, stages, stretch, type Where } from '@cnnkit/layers'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/**
 * The layers under a place of a network and all that their values flow into: what is trained "from there on". An auxiliary head is
 * among them when it branches off behind the place.
 *
 * The order in which TensorFlow.js lists layers would not do: where a cell takes the output of the cell before the last (NASNet), its
 * first layers are listed before the last ones of the stage below.
 *
 * @throws `UNKNOWN_LAYER` when the network has no such place
 */
export function layersBehind(model: LayersModel, where: Where): ReadonlySet<Layer> {
  const behind = new Set<Layer>(layersUnder(model, where))
  const reached = new Set<number>()
  for (const { layer, inputs, outputs } of stepsOf(model)) {
    if (!behind.has(layer) && !inputs.some(({ id }) => reached.has(id))) continue
    behind.add(layer)
    for (const { id } of outputs) reached.add(id)
  }
  return behind
}

/** All layers of a network, those of a model inside it in place of the model, without its inputs. */
export function everyLayer(model: LayersModel): ReadonlySet<Layer> {
  return new Set(stepsOf(model).map(({ layer }) => layer))
}

function layersUnder(model: LayersModel, where: Where): readonly Layer[] {
  if (typeof where === 'string') return layersAt(model, where)
  const first = layersFrom(model, where)[0]!
  return stages(model).find((stage) => stage.layers.includes(first))!.layers
}

/** What leads to each output, the auxiliary ones' included, in an order in which it can run. */
function stepsOf(model: LayersModel): Stretch['steps'] {
  return model.outputs.flatMap((output) => stretch(model, model.inputs[0]!, output).steps)
}
