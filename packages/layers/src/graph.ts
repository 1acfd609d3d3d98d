import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/** One application of a layer: the tensors it took and those it made. */
export interface Step {
  /** What is applied. */
  readonly layer: Layer
  /** In the layer's order. */
  readonly inputs: readonly SymbolicTensor[]
  /** In the layer's order. */
  readonly outputs: readonly SymbolicTensor[]
}

/** A model inside another, which is a layer there. */
export interface Container extends Layer {
  readonly layers: readonly Layer[]
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: readonly SymbolicTensor[]
}

/** The steps of a network in an order in which they can run, and the way from tensors at a border to those that hold values. */
export interface Graph {
  /** One branch after the other. */
  readonly steps: readonly Step[]
  /** A model inside the network has tensors of its own for what it takes and gives: this leads to those that steps make. */
  resolve(tensor: SymbolicTensor): SymbolicTensor
}

/** The graph of a network. A model inside it is seen through: its layers' steps stand in its place. */
export function graphOf(model: LayersModel): Graph {
  const aliases = new Map<number, SymbolicTensor>()
  const resolve = (tensor: SymbolicTensor): SymbolicTensor => {
    const alias = aliases.get(tensor.id)
    return alias === undefined ? tensor : resolve(alias)
  }
  const done = new Set<number>()
  const steps: Step[] = []
  const visit = (given: SymbolicTensor): void => {
    const tensor = resolve(given)
    if (done.has(tensor.id)) return
    done.add(tensor.id)
    const layer = tensor.sourceLayer as Layer
    const node = layer.inboundNodes[tensor.nodeIndex]!
    if (node.inboundLayers.length === 0) return
    if (isContainer(layer) && appliedOnce(layer)) {
      layer.inputs.forEach((inner, i) => {
        aliases.set(inner.id, node.inputTensors[i]!)
      })
      aliases.set(tensor.id, layer.outputs[tensor.tensorIndex]!)
      visit(tensor)
      return
    }
    node.inputTensors.forEach(visit)
    for (const output of node.outputTensors) done.add(output.id)
    steps.push({ layer, inputs: node.inputTensors.map(resolve), outputs: node.outputTensors })
  }
  model.outputs.forEach(visit)
  return { steps, resolve }
}

/** All layers of a network in the order they run; those of a model inside it in place of the model. */
export function layersOf(model: LayersModel): readonly Layer[] {
  return model.layers.flatMap((layer) => (isContainer(layer) ? layersOf(layer as unknown as LayersModel) : [layer]))
}

/** Whether a layer is a model inside the network. */
export function isContainer(layer: Layer): layer is Container {
  return Array.isArray((layer as Container).layers) && Array.isArray((layer as Container).outputs)
}

/** A model's first node is its own; one that is applied again shares its tensors between two places, and stays whole. */
const appliedOnce = (container: Container): boolean => container.inboundNodes.length <= 2
