import type { FusedActivation } from '@cnnkit/kernels'
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Border } from '../layers/border.ts'
import type { Affine } from './affine.ts'

type Layer = layers.Layer

/** What can be done to a layer: `other` is left as it is. */
export type Kind = 'conv' | 'grouped' | 'depthwise' | 'separable' | 'dense' | 'affine' | 'concat' | 'pad' | 'other'

/** What a step hands on in the fused form. */
export interface Value {
  /** What makes it; `undefined` for an input. */
  readonly maker: Unit | undefined
  /** As in the network. */
  readonly symbol: SymbolicTensor
  /** How many steps take it, and one more where the network hands it on. */
  uses: number
  /** The tensors of the network, by id, that have these very values. */
  holds: Set<number>
}

/** One layer of the fused form, and what of the network it does. */
export interface Unit {
  /** Whose name and settings it has. */
  readonly layer: Layer
  readonly kind: Kind
  /** Changes where padding or a norm before it is taken in. */
  inputs: readonly Value[]
  readonly outputs: readonly Value[]
  /** Norms and rescalings folded into the weights, from before it and from behind. */
  readonly before: Affine[]
  readonly after: Affine[]
  /** The norm that it is, of kind `affine`. */
  readonly affine: Affine | undefined
  /** Zeros that a layer before it put around the grid. */
  border: Border | null
  /** What is added to the result. */
  residual: Value | undefined
  activation: FusedActivation
}

const kinds: Readonly<Record<string, Kind>> = {
  Conv2D: 'conv',
  GroupedConv2D: 'grouped',
  DepthwiseConv2D: 'depthwise',
  SeparableConv2D: 'separable',
  Dense: 'dense',
  Concatenate: 'concat',
  ZeroPadding2D: 'pad',
}

interface Settings {
  readonly activation?: string
  readonly dataFormat?: string
  readonly axis?: number
}

/** What a layer is to fusing. Norms are told by what they do, elsewhere. */
export function kindOf(layer: Layer): Kind {
  const kind = kinds[layer.getClassName()]
  if (kind === undefined) return 'other'
  const { activation = 'linear', dataFormat = 'channelsLast', axis = -1 } = layer.getConfig() as Settings
  if (dataFormat !== 'channelsLast' || !isFusable(activation)) return 'other'
  if (kind === 'concat' && axis !== -1 && axis !== outputRank(layer) - 1) return 'other'
  return kind
}

const weighted: ReadonlySet<Kind> = new Set(['conv', 'grouped', 'depthwise', 'separable', 'dense'])

/** Whether norms behind a unit can go into its weights. */
export function takesNorm({ kind, activation, residual }: Unit): boolean {
  return weighted.has(kind) && activation === 'linear' && residual === undefined
}

/** Whether a unit can end with an activation. */
export function takesActivation({ kind, activation }: Unit): boolean {
  return (weighted.has(kind) || kind === 'affine') && activation === 'linear'
}

/** The activation that a layer is, or the one at the end of a layer with weights. */
export function activationOf(layer: Layer): FusedActivation | undefined {
  const className = layer.getClassName()
  const { activation = 'linear', maxValue } = layer.getConfig() as Settings & { maxValue?: number | null }
  if (className === 'ReLU') return maxValue == null ? 'relu' : maxValue === 6 ? 'relu6' : undefined
  return isFusable(activation) ? activation : undefined
}

/** Whether a layer does nothing in inference. */
export function isIdentity(layer: Layer): boolean {
  const className = layer.getClassName()
  if (className === 'Activation') return (layer.getConfig() as Settings).activation === 'linear'
  return ['Dropout', 'SpatialDropout1D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'].includes(className)
}

function isFusable(activation: string): activation is FusedActivation {
  return activation === 'linear' || activation === 'relu' || activation === 'relu6'
}

function outputRank(layer: Layer): number {
  const output = layer.getOutputAt(0)
  return (Array.isArray(output) ? output[0]! : output).shape.length
}
