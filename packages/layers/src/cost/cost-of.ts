import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { inputsOf, outputOf } from '../path.ts'
import { mergeFields, ownPixel, type ReceptiveField, throughWindow, type Window } from './receptive-field.ts'

type Layer = layers.Layer
type Config = Record<string, unknown>

/** What one layer costs for one picture. */
export interface LayerCost {
  /** The layer's path: `stage1.block1.conv2`. */
  readonly name: string
  /** The class TensorFlow.js knows it by: `Conv2D`. */
  readonly kind: string
  /** Without the batch: `[height, width, channels]`. */
  readonly outputShape: readonly number[]
  /** Weights and moving statistics. */
  readonly parameters: number
  /** Of these, how many training would change as the model now stands. */
  readonly trainableParameters: number
  /** Multiply-accumulates; convolutions and dense layers have them, all else counts as 0, as in torchvision's and timm's tables. */
  readonly multiplyAccumulates: number
  /** Of the output, in float32. */
  readonly activationBytes: number
  /** `undefined` once there is no grid any more. */
  readonly receptiveField: ReceptiveField | undefined
}

/** What a network costs for one picture. */
export interface Cost {
  /** In the order they run, the input left out. */
  readonly layers: readonly LayerCost[]
  /** Of all layers; a layer that is used twice counts once. */
  readonly parameters: number
  /** Of these, how many training would change as the model now stands. */
  readonly trainableParameters: number
  /** Of all layers, for one picture. */
  readonly multiplyAccumulates: number
  /** Of all outputs together, which training keeps. */
  readonly activationBytes: number
}

/** The cost of a network: per layer and in all. Nothing is run and no tensor is made; unknown input sizes count as 1. */
export function costOf(model: LayersModel): Cost {
  const fields = new Map<number, ReceptiveField | undefined>(model.inputs.map((input) => [input.id, ownPixel]))
  const rows: LayerCost[] = []
  for (const layer of model.layers) {
    const inputs = inputsOf(layer)
    if (inputs.length === 0) continue
    const field = fieldOf(
      layer,
      inputs.map((input) => fields.get(input.id)),
      gridOf(inputs[0]!.shape),
    )
    fields.set(outputOf(layer).id, field)
    rows.push(layerCost(layer, inputs[0]!.shape, field))
  }
  const total = (of: (row: LayerCost) => number): number => rows.reduce((sum, row) => sum + of(row), 0)
  return {
    layers: rows,
    parameters: total((row) => row.parameters),
    trainableParameters: total((row) => row.trainableParameters),
    multiplyAccumulates: total((row) => row.multiplyAccumulates),
    activationBytes: total((row) => row.activationBytes),
  }
}

function layerCost(
  layer: Layer,
  inputShape: readonly (number | null)[],
  receptiveField: ReceptiveField | undefined,
): LayerCost {
  const outputShape = outputOf(layer)
    .shape.slice(1)
    .map((side) => side ?? 1)
  const count = (weights: readonly { shape: readonly (number | null)[] }[]): number =>
    weights.reduce((sum, weight) => sum + product(weight.shape), 0)
  return {
    name: layer.name,
    kind: layer.getClassName(),
    outputShape,
    parameters: count(layer.weights),
    trainableParameters: count(layer.trainableWeights),
    multiplyAccumulates: multiplyAccumulates(layer, inputShape, outputShape),
    activationBytes: 4 * product(outputShape),
    receptiveField,
  }
}

function multiplyAccumulates(
  layer: Layer,
  inputShape: readonly (number | null)[],
  outputShape: readonly number[],
): number {
  // A kernel is [height, width, in, out] and used at each output pixel; a dense one [in, out], once.
  const kernels = layer.weights.filter((weight) => /kernel/.test(weight.originalName))
  if (kernels.length === 0) return 0
  const pixels = layer.getClassName() === 'Dense' ? product(inputShape.slice(1, -1)) : product(outputShape.slice(0, -1))
  return pixels * kernels.reduce((sum, kernel) => sum + product(kernel.shape), 0)
}

function fieldOf(
  layer: Layer,
  inputs: readonly (ReceptiveField | undefined)[],
  grid: number | undefined,
): ReceptiveField | undefined {
  const known = inputs.filter((field) => field !== undefined)
  if (known.length < inputs.length || grid === undefined) return undefined
  if (gridOf(outputOf(layer).shape) === undefined) return undefined
  return throughWindow(mergeFields(known), windowOf(layer.getClassName(), layer.getConfig() as Config, grid))
}

function windowOf(kind: string, config: Config, inputSize: number): Window {
  if (kind === 'ZeroPadding2D') {
    const padBefore = (config.padding as number[][])[0]![0]!
    return { size: 1, stride: 1, dilation: 1, padBefore }
  }
  if (kind === 'Cropping2D') {
    const padBefore = -(config.cropping as number[][])[0]![0]!
    return { size: 1, stride: 1, dilation: 1, padBefore }
  }
  const size = first(config.kernelSize ?? config.poolSize ?? 1)
  const stride = first(config.strides ?? 1)
  const dilation = first(config.dilationRate ?? 1)
  const overhang = (Math.ceil(inputSize / stride) - 1) * stride + (size - 1) * dilation + 1 - inputSize
  const same = Math.floor(Math.max(0, overhang) / 2)
  const padBefore = typeof config.padding === 'number' ? config.padding : config.padding === 'same' ? same : 0
  return { size, stride, dilation, padBefore }
}

const first = (value: unknown): number => Number(Array.isArray(value) ? value[0] : value)
const product = (shape: readonly (number | null)[]): number => shape.reduce<number>((n, side) => n * (side ?? 1), 1)
const gridOf = (shape: readonly (number | null)[]): number | undefined =>
  shape.length === 4 ? (shape[1] ?? 1) : undefined
