import { CnnkitError } from '@cnnkit/errors'
import { classifier, type Flavor, globalPool, rootScope, type Scope, setCard } from '@cnnkit/layers'
import { openWeights, type WeightFile } from '@cnnkit/weights'
import { input, type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'
import type { Architecture, WeightsRecord } from './architecture.ts'
import { assignWeights } from './assign-weights.ts'
import type { ModelOptions } from './model-options.ts'

/** Builds a network, loads its weights and gives it its card: what `createModel` and the function of each model call. */
export async function makeModel(architecture: Architecture, options: ModelOptions = {}): Promise<LayersModel> {
  const record = recordOf(architecture, options)
  const flavor = flavorOf(architecture, options, record)
  checkInput(architecture, options, record)
  const { onProgress, signal } = options
  const source = typeof options.weights === 'object' ? options.weights : (record?.sources ?? options.weights)
  const file = source == null ? undefined : await openWeights(source, { onProgress, signal })
  try {
    const model = buildNetwork(architecture, options, { flavor, record, weightsFollow: file !== undefined })
    const headLoaded = file !== undefined && (await loaded(model, architecture, options, file))
    setCard(model, {
      version: 1,
      architecture: architecture.name,
      flavor: flavor.name,
      preprocessing: preprocessingOf(architecture, options, record),
      labels: headLoaded && record ? record.labels : null,
      weights: record ? { tag: record.tag, licence: record.licence, source: record.publisher } : null,
    })
    return model
  } finally {
    await file?.close()
  }
}

/** What a network is built for. */
export interface BuildPlan {
  readonly flavor: Flavor
  /** The published weights that follow, if any; they say how many classes there are. */
  readonly record?: WeightsRecord | undefined
  /** Whether weights are assigned next, so that no initialiser need run. */
  readonly weightsFollow: boolean
}

/** The network alone: no weights loaded, no card. */
export function buildNetwork(architecture: Architecture, options: ModelOptions, plan: BuildPlan): LayersModel {
  const { flavor, record, weightsFollow } = plan
  const { includeTop = true, pooling, activation = 'softmax', dropout = architecture.dropout, seed } = options
  const classes = options.classes ?? record?.classes ?? 1000
  const root = (follow: boolean): Scope =>
    rootScope({ flavor, weightsFollow: follow, ...(seed === undefined ? {} : { seed }) })
  const x = input({ shape: [...inputShapeOf(architecture, options)], name: 'input' })
  let outputs = architecture.body(x, root(weightsFollow))
  const head = root(weightsFollow && classes === record?.classes).at('head')
  if (includeTop || pooling) outputs = globalPool(outputs, head, pooling ?? 'avg')
  if (includeTop) outputs = classifier(outputs, head, { classes, dropout, activation })
  return layersModel({ inputs: x, outputs, name: architecture.name })
}

/** Loads the weights; the model is disposed when that fails. Gives whether the head's came along. */
async function loaded(
  model: LayersModel,
  architecture: Architecture,
  options: ModelOptions,
  file: WeightFile,
): Promise<boolean> {
  const { dialects } = architecture
  const mayStayFresh = options.classes === undefined ? [] : ['head.logits']
  try {
    const fresh = await assignWeights(model, file, { dialects, mayStayFresh, signal: options.signal })
    return options.includeTop !== false && fresh.length === 0
  } catch (error) {
    model.dispose()
    throw error
  }
}

function recordOf({ name, records }: Architecture, { weights }: ModelOptions): WeightsRecord | undefined {
  if (weights === undefined && records.length > 0) return records[0]
  if (weights === undefined) {
    throw new CnnkitError(
      'zoo',
      'NO_WEIGHTS',
      `No published weights are on record for ${name}. Pass \`weights\` as a path or URL of a file, or \`weights: null\` for fresh ones.`,
    )
  }
  if (weights === null) return undefined
  if (typeof weights !== 'string') {
    return 'manifest' in weights ? records.find(({ tag }) => weights.tag === `${name}.${tag}`) : undefined
  }
  const record = records.find(({ tag }) => tag === weights)
  if (record || /[./\\]/.test(weights)) return record
  const tags = records.map((candidate) => `"${candidate.tag}"`).join(', ') || 'none on record'
  throw new CnnkitError(
    'zoo',
    'UNKNOWN_WEIGHTS',
    `No weights "${weights}" for ${name}. Tags: ${tags}; or a path or URL of a file.`,
  )
}

function flavorOf(architecture: Architecture, options: ModelOptions, record: WeightsRecord | undefined): Flavor {
  const wanted = options.flavor ?? record?.flavor ?? architecture.flavors[0]!.name
  const flavor = architecture.flavors.find(({ name }) => name === wanted)
  if (!flavor || (record && record.flavor !== wanted)) {
    const names = architecture.flavors.map(({ name }) => `"${name}"`).join(', ')
    const why = flavor ? `; the weights "${record?.tag}" fit "${record?.flavor}"` : ''
    throw new CnnkitError(
      'zoo',
      'UNKNOWN_FLAVOR',
      `No flavor "${wanted}" of ${architecture.name} here. Flavors: ${names}${why}.`,
    )
  }
  return {
    ...flavor,
    normEpsilon: record?.normEpsilon ?? flavor.normEpsilon,
    normMomentum: options.normMomentum ?? flavor.normMomentum,
  }
}

function inputShapeOf({ inputSize }: Architecture, { inputShape }: ModelOptions): readonly (number | null)[] {
  return inputShape ?? [inputSize, inputSize, 3]
}

function checkInput(architecture: Architecture, options: ModelOptions, record: WeightsRecord | undefined): void {
  const { name, minimumSize } = architecture
  const [height, width, channels] = inputShapeOf(architecture, options)
  const shape = `[${[height, width, channels].join(', ')}]`
  for (const side of [height, width]) {
    if (side === null || (Number.isInteger(side) && side! >= minimumSize)) continue
    throw new CnnkitError(
      'zoo',
      'BAD_INPUT_SHAPE',
      `Input ${shape} is too small for ${name}: height and width are at least ${minimumSize}.`,
    )
  }
  if (record && channels !== 3) {
    throw new CnnkitError(
      'zoo',
      'BAD_INPUT_SHAPE',
      `Input ${shape} has ${channels} channels; the weights "${record.tag}" of ${name} take 3. Use \`weights: null\`.`,
    )
  }
  const classes = options.classes ?? 1
  if (!Number.isInteger(classes) || classes < 1) {
    throw new CnnkitError('zoo', 'BAD_CLASSES', `\`classes\` is ${classes}; it is a whole number from 1.`)
  }
}

function preprocessingOf(
  architecture: Architecture,
  options: ModelOptions,
  record: WeightsRecord | undefined,
): Architecture['preprocessing'] {
  const preprocessing = record?.preprocessing ?? architecture.preprocessing
  const [height, width] = inputShapeOf(architecture, options)
  const [usualHeight, usualWidth] = preprocessing.size
  return { ...preprocessing, size: [height ?? usualHeight, width ?? usualWidth] }
}
