import { CnnkitError } from '@cnnkit/errors'
import { type serialization, type Tensor, tidy } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  type layers,
  model as layersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { graphOf, isContainer } from '../graph.ts'
import { type FusedConv2DArgs, fusedConv2d } from '../layers/fused-conv2d.ts'
import { type FusedDepthwiseConv2DArgs, fusedDepthwiseConv2d } from '../layers/fused-depthwise-conv2d.ts'
import { ScaleShift, scaleShift } from '../layers/scale-shift.ts'
import { placeholder } from '../scope.ts'
import { type Plan, planOf } from './plan.ts'
import type { Unit, Value } from './unit.ts'
import { isChanged, weightsOf } from './weights.ts'

type Layer = layers.Layer

/** A fused form, and where in it are the values of the network's tensors. */
export interface Built {
  readonly model: LayersModel
  /** By id of a tensor of the network. */
  readonly at: ReadonlyMap<number, SymbolicTensor>
}

/** Makes the layers of a plan and gives them their weights. */
export function build({ inputs, outputs, values }: Plan, name: string, plain: boolean): Built {
  const builder = new Builder(plain)
  try {
    for (const [i, value] of inputs.entries()) builder.input(value, i)
    const model = layersModel({
      inputs: inputs.map((value) => builder.symbolOf(value)),
      outputs: outputs.map((value) => builder.symbolOf(value)),
      name,
    })
    for (const layer of model.layers) layer.trainable = false
    const at = new Map<number, SymbolicTensor>()
    for (const value of values) {
      const symbol = builder.symbols.get(value)
      if (symbol) for (const id of value.holds) at.set(id, symbol)
    }
    return { model, at }
  } catch (error) {
    builder.dispose()
    throw error
  }
}

class Builder {
  readonly symbols = new Map<Value, SymbolicTensor>()
  private readonly made = new Map<Layer, Layer>()
  private readonly names = new Set<string>()

  constructor(private readonly plain: boolean) {}

  input(value: Value, position: number): void {
    const { shape, dtype, sourceLayer } = value.symbol
    const isInput = sourceLayer.getClassName() === 'InputLayer'
    const name = this.unique(isInput ? sourceLayer.name : position === 0 ? 'input' : `input${position + 1}`)
    this.symbols.set(value, input({ batchShape: shape, dtype, name }))
  }

  /** The tensor of the fused form that has a value; what makes it is built first. */
  symbolOf(value: Value): SymbolicTensor {
    const there = this.symbols.get(value)
    if (there) return there
    const unit = value.maker!
    const given = [...unit.inputs, ...(unit.residual ? [unit.residual] : [])].map((before) => this.symbolOf(before))
    const known = this.made.get(unit.layer)
    const layer = known ?? this.layerOf(unit)
    const made = layer.apply(given.length === 1 ? given[0]! : given) as SymbolicTensor | SymbolicTensor[]
    if (!known && !isContainer(layer))
      tidy(() => layer.setWeights(layer instanceof ScaleShift ? scaleAndShiftOf(unit) : [...weightsOf(unit)]))
    for (const [i, output] of unit.outputs.entries()) {
      this.symbols.set(output, Array.isArray(made) ? made[i]! : made)
    }
    return this.symbols.get(value)!
  }

  /** A layer that the network applies more than once is one in the fused form too. */
  private layerOf(unit: Unit): Layer {
    const name = this.unique(unit.layer.name)
    const layer = isContainer(unit.layer) ? fusedInside(unit.layer, this.plain) : layerFor(unit, this.plain, name)
    this.made.set(unit.layer, layer)
    return layer
  }

  /** Layers of a model inside the network may be called as those outside it. */
  private unique(name: string): string {
    let free = name
    for (let i = 1; this.names.has(free); i++) free = `${name}_${i}`
    this.names.add(free)
    return free
  }

  dispose(): void {
    for (const layer of this.made.values()) for (const weight of layer.weights) weight.dispose()
  }
}

/** A model that the network applies more than once, fused by itself. */
function fusedInside(container: Layer, plain: boolean): Layer {
  const inner = container as unknown as LayersModel
  const { steps, resolve } = graphOf(inner)
  const plan = planOf({ inputs: inner.inputs, steps, outputs: inner.outputs.map(resolve) }, plain)
  return build(plan, inner.name, plain).model
}

/** The layer that does what a unit does: TensorFlow.js' own where there is one. */
function layerFor(unit: Unit, plain: boolean, name: string): Layer {
  const { kind, layer, activation, residual, border } = unit
  const config = { ...withoutValues(layer.getConfig()), name }
  if (kind === 'affine' && isScaleShift(unit, plain)) {
    return scaleShift({ name, activation, scaleInitializer: placeholder(), shiftInitializer: placeholder() })
  }
  if (kind === 'affine' || kind === 'concat' || kind === 'pad' || kind === 'other') return copyOf(layer, config)
  const fused = { ...config, activation, ...(isChanged(unit) && { useBias: true }) }
  if (kind === 'conv' && !plain && (residual || border || activation === 'relu6')) {
    return fusedConv2d({ ...fused, border } as unknown as FusedConv2DArgs)
  }
  if (kind === 'depthwise' && !plain)
    return fusedDepthwiseConv2d({ ...fused, border } as unknown as FusedDepthwiseConv2DArgs)
  return copyOf(layer, fused)
}

function scaleAndShiftOf({ affine }: Unit): Tensor[] {
  const { scale, shift } = affine!()
  return [scale, shift]
}

/** A rescaling by itself needs no weights. */
function isScaleShift({ layer, activation }: Unit, plain: boolean): boolean {
  return !plain && (layer.getClassName() === 'BatchNormalization' || activation !== 'linear')
}

/** Weights are given right after, so nothing need be drawn. */
function withoutValues(config: serialization.ConfigDict): serialization.ConfigDict {
  const weighted = Object.keys(config).filter((key) => key.endsWith('Initializer'))
  return { ...config, ...Object.fromEntries(weighted.map((key) => [key, placeholder()])) } as serialization.ConfigDict
}

function copyOf(layer: Layer, config: serialization.ConfigDict): Layer {
  const kind = layer.constructor as unknown as {
    fromConfig(kind: unknown, config: serialization.ConfigDict): Layer
  }
  try {
    return kind.fromConfig(kind, config)
  } catch (error) {
    throw new CnnkitError(
      'layers',
      'CANNOT_FUSE',
      `The layer "${layer.name}" (${layer.getClassName()}) cannot be made anew from its own \`getConfig()\`: ${(error as Error).message}. Run the network as it is, or mend the layer.`,
    )
  }
}
