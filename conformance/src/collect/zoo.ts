import { gradCam } from '@cnnkit/cam'
import { pictureDataset } from '@cnnkit/images'
import { fuse, registerLayers } from '@cnnkit/layers'
import { fit, type Recipe } from '@cnnkit/transfer'
import { architectureOf, createModel, listModels, type ModelName, modelInfo } from '@cnnkit/zoo'
import { dispose, type Rank, type Tensor, tidy, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { withoutDrawing } from '../networks/drawn.ts'
import { type CollectedCall, collectKernels } from './collect-kernels.ts'

/** A network in one of its forms. */
export interface Form {
  readonly network: ModelName
  readonly flavor: string
}

/** What a network is asked to do. */
export type Work = 'infer' | 'fused' | 'train' | 'map'

/** Calls of one piece of work. */
export interface Collected {
  readonly form: Form
  readonly work: Work
  readonly calls: readonly CollectedCall[]
}

/** Every form of every network of the zoo. */
export async function zooForms(networks: readonly ModelName[] = listModels()): Promise<readonly Form[]> {
  const all: Form[] = []
  for (const network of networks) {
    const { flavors } = await architectureOf(network)
    all.push(...flavors.map(({ name }) => ({ network, flavor: name })))
  }
  return all
}

/** How a network is run. */
export interface RunOptions {
  /** Height and width of its pictures; what it is built for unless given. */
  readonly size?: number
}

/** What the current backend runs when a form classifies a picture as built and as fused, is trained a step of two pictures, and is explained. */
export async function collectForm(form: Form, { size }: RunOptions = {}): Promise<readonly Collected[]> {
  const model = await built(form, size)
  const x = zeros<Rank.R4>([1, ...(model.inputs[0]!.shape.slice(1) as [number, number, number])])
  const works: Readonly<Record<Work, () => unknown>> = {
    infer: () => dispose(tidy(() => model.predict(x) as Tensor)),
    fused: () => dispose(tidy(() => fuse(model).predict(x) as Tensor)),
    train: () => trainStep(model, momentum),
    map: () => gradCam(model, x, { target: 1 }),
  }
  const all: Collected[] = []
  for (const [work, run] of Object.entries(works)) all.push(await collected(form, work as Work, model, run))
  model.dispose()
  x.dispose()
  return all
}

/** What runs while a piece of work is done with a network. */
export async function collected(form: Form, work: Work, model: LayersModel, run: () => unknown): Promise<Collected> {
  const { calls } = await collectKernels(run, { layers: model.layers })
  return { form, work, calls }
}

/** With its auxiliary heads, and scores from logits, as they are trained. */
export async function built({ network, flavor }: Form, size?: number): Promise<LayersModel> {
  registerLayers()
  const { auxiliary: heads = [] } = await architectureOf(network)
  const auxiliary = heads.some(({ flavors }) => flavors === undefined || flavors.includes(flavor))
  const { inputSize } = await modelInfo(network, { flavor })
  const side = size ?? inputSize
  return withoutDrawing(() => createModel(network, { weights: null, flavor, auxiliary, inputShape: [side, side, 3] }))
}

const momentum: Recipe = {
  optimizer: { kind: 'sgd', momentum: 0.9 },
  learningRate: 1e-3,
  schedule: { kind: 'constant' },
  auxiliaryWeight: 0.3,
}

/** One step of `fit` with two pictures. */
export async function trainStep(model: LayersModel, recipe: Recipe): Promise<void> {
  const [, height, width] = model.inputs[0]!.shape as [null, number, number]
  const classes = Array.from({ length: model.outputs[0]!.shape.at(-1)! }, (_, i) => `${i}`)
  const data = new Uint8Array(height * width * 3)
  const items = [0, 1].map((label) => ({
    id: `${label}.png`,
    label,
    read: async () => ({ data, width, height, channels: 3 as const }),
  }))
  await fit(model, pictureDataset({ classes, items }), { recipe, epochs: 1, batchSize: 2 })
}
