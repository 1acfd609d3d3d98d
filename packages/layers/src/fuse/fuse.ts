import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { graphOf, layersOf } from '../graph.ts'
import { type Stretch, stretch } from '../run.ts'
import { type Built, build } from './build.ts'
import { planOf, type Section } from './plan.ts'

/** Options of {@link fuse}. */
export interface FuseOptions {
  /** Only norms are folded, and no layer is put in that TensorFlow.js does not have; `false` unless given. */
  readonly plain?: boolean
}

/** A fused form, and the weights that it was made from as they were. */
interface Form extends Built {
  readonly weights: readonly LayerVariable[]
  /** Handles of the weights' values: an assignment gives a weight another one. */
  readonly values: readonly object[]
  /** The form's own weights. */
  readonly made: readonly Tensor[]
}

/** By model, then by what of it is fused. */
const forms = new WeakMap<LayersModel, Map<string, Form>>()

/**
 * A trained network as it is run: the same outputs from fewer and larger steps. Batch norms and rescalings are folded into the
 * convolutions and dense layers around them, also through a concatenation; ReLU, ReLU6, borders of zeros and residual sums are done by
 * the convolution; dropout is gone; a norm that cannot be folded is one pass with the ReLU behind it. Layers keep their names:
 * `stage4.block3.conv3` is that convolution with its norm, the sum and the ReLU. What is left alone: layers that are
 * applied twice, `channelsFirst`, and values that the network hands on or that two layers take.
 *
 * The fused form belongs to the model: it is made once, at the first call, and made anew after any write to a weight, which each
 * call looks for. So ask for it at each use, and don't dispose it: it goes with the model's first weight, with the next form, or with
 * {@link dropFused}. It is not trainable and carries the model's card. Weights that fusing changes are held twice, all
 * others are shared.
 *
 * Writes are seen as `Variable.assign`, `LayerVariable.write` and all that is built on them (optimizers, `setWeights`, batch norm) give a
 * weight a new value; a kernel that changed the memory of a tensor in place would have to call {@link dropFused}.
 *
 * @throws `CANNOT_FUSE` for a network with a layer that cannot be made anew from its own configuration
 */
export function fuse(model: LayersModel, { plain = false }: FuseOptions = {}): LayersModel {
  return formOf(model, plain ? 'plain' : 'fused').model
}

/**
 * What does the same as a stretch of a network in fewer steps, as {@link fuse} has them; run it with `runStretch`. It looks at the
 * weights of that stretch alone, so it lasts while the rest is trained. Ask for it at each use.
 *
 * @throws `CANNOT_FUSE` as {@link fuse}
 */
export function fusedStretch(model: LayersModel, section: Stretch): Stretch {
  const { from, to, steps } = section
  if (from.id === to.id) return section
  const { model: fused } = formOf(model, 'stretch', { inputs: [from], steps, outputs: [to] })
  return stretch(fused, fused.inputs[0]!, fused.outputs[0]!)
}

/**
 * The part of the fused form of a whole network that leads from its input to a tensor of the network; `undefined` where that tensor
 * is not among those that fusing leaves. No weights are held beside those of {@link fuse}. Ask for it at each use.
 *
 * @throws `CANNOT_FUSE` as {@link fuse}
 */
export function fusedUpTo(model: LayersModel, to: SymbolicTensor): Stretch | undefined {
  const { model: fused, at } = formOf(model, 'fused')
  const end = at.get(graphOf(model).resolve(to).id)
  return end && stretch(fused, fused.inputs[0]!, end)
}

/** Disposes what {@link fuse} and {@link fusedStretch} made of a model, to free memory; the next call makes it anew. */
export function dropFused(model: LayersModel): void {
  const all = forms.get(model)
  const made = [...(all?.values() ?? [])]
  all?.clear()
  made.forEach(release)
}

function whole(model: LayersModel): Section {
  const { steps, resolve } = graphOf(model)
  return { inputs: model.inputs, steps, outputs: model.outputs.map(resolve) }
}

/** The form of a section of a model, or of all of it. */
function formOf(model: LayersModel, kind: 'fused' | 'plain' | 'stretch', part?: Section): Form {
  const { inputs, outputs }: Pick<Section, 'inputs' | 'outputs'> = part ?? model
  const key = [kind, ...[...inputs, ...outputs].map(({ id }) => id)].join(' ')
  const there = forms.get(model)?.get(key)
  if (there && isCurrent(there)) return there
  forms.get(model)?.delete(key)
  if (there) release(there)
  const section = part ?? whole(model)
  const weights = [...new Set(section.steps.map(({ layer }) => layer))].flatMap((layer) => layer.weights)
  const values = weights.map((weight) => weight.read().dataId)
  const built = build(planOf(section, kind === 'plain'), model.name, kind === 'plain')
  const form = { ...built, weights, values, made: built.model.weights.map((weight) => weight.read()) }
  const metadata = model.getUserDefinedMetadata()
  if (metadata) form.model.setUserDefinedMetadata(metadata)
  keep(model, key, form)
  return form
}

function isCurrent({ weights, values, made }: Form): boolean {
  return weights.every((weight, i) => weight.read().dataId === values[i]) && made.every((weight) => !weight.isDisposed)
}

/** Not by `model.dispose()`, which leaves the weights of a layer that is applied twice. */
function release({ made }: Form): void {
  for (const weight of made) if (!weight.isDisposed) weight.dispose()
}

function keep(model: LayersModel, key: string, form: Form): void {
  const all = forms.get(model)
  if (all) {
    all.set(key, form)
    return
  }
  forms.set(model, new Map([[key, form]]))
  goesWith(model)
}

/** Drops a model's forms when its first weight is disposed, whoever does it: the model, one that shares its layers, or one that took them over. */
function goesWith(model: LayersModel): void {
  const weight = layersOf(model)
    .find(({ weights }) => weights.length > 0)
    ?.weights[0]?.read() as Variable | undefined
  if (!weight) return
  const dispose = weight.dispose.bind(weight)
  weight.dispose = () => {
    dispose()
    dropFused(model)
  }
}
