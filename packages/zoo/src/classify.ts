import { CnnkitError } from '@cnnkit/errors'
import { type ImageSource, preprocess } from '@cnnkit/images'
import { type Card, cardOf, fuse, inputsOf } from '@cnnkit/layers'
import { softmax, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** One class that a network names, or one tag. */
export interface Prediction {
  /** Position among the outputs. */
  readonly index: number
  /** WordNet id for ImageNet's classes (`n02123045`), else the name. */
  readonly id: string
  /** Of the class, for people: `tabby`. */
  readonly name: string
  /** 0 to 1. */
  readonly probability: number
}

/** Options of {@link classify}. */
export interface ClassifyOptions {
  /** How many classes, the most probable first; 5 unless given. */
  readonly top?: number
  /**
   * Whether the network's fused form is run (`fuse` of `@cnnkit/layers`), which the first call makes and later ones find; it holds the
   * kernels that norms are folded into a second time. `true` unless given.
   */
  readonly fused?: boolean
}

/**
 * What a network sees in a picture: the most probable classes, or of a model of tags the most probable tags, each with a
 * probability of its own. The picture is cropped and scaled as the model's card says; auxiliary heads are not asked.
 *
 * @throws `NO_CARD` for a model without a card, `NO_TOP` for one without a classifier, `NO_CLASSES` for one whose outputs are quantities
 */
export function classify(
  model: LayersModel,
  image: ImageSource,
  options?: ClassifyOptions,
): Promise<readonly Prediction[]>
/** What a network sees in each of several pictures, which run as one batch. */
export function classify(
  model: LayersModel,
  images: readonly ImageSource[],
  options?: ClassifyOptions,
): Promise<readonly (readonly Prediction[])[]>
export async function classify(
  model: LayersModel,
  images: ImageSource | readonly ImageSource[],
  options: ClassifyOptions = {},
): Promise<readonly Prediction[] | readonly (readonly Prediction[])[]> {
  const card = cardOf(model)
  if (model.outputs[0]!.shape.length !== 2) {
    throw new CnnkitError('zoo', 'NO_TOP', `${model.name} has no classifier. Make it with \`includeTop: true\`.`)
  }
  if (card.outputs === 'values') {
    throw new CnnkitError(
      'zoo',
      'NO_CLASSES',
      `${model.name} tells quantities${named(card.labels)}, not classes. Take \`model.predict(preprocess(image, cardOf(model).preprocessing))\`, with \`preprocess\` of @cnnkit/images and \`cardOf\` of @cnnkit/layers.`,
    )
  }
  const batch = preprocess(images, card.preprocessing)
  const scores = tidy(() => probabilities(model, batch, options.fused ?? true))
  batch.dispose()
  try {
    const rows = await predictions(await scores.array(), card.labels, options)
    return Array.isArray(images) ? rows : rows[0]!
  } finally {
    scores.dispose()
  }
}

/**
 * Rows of probabilities as named classes, the most probable first.
 *
 * @param rows `[batch][classes]`
 */
export async function predictions(
  rows: readonly (readonly number[])[],
  labels: Card['labels'],
  { top = 5 }: ClassifyOptions = {},
): Promise<readonly (readonly Prediction[])[]> {
  const classes = await classesOf(labels)
  return rows.map((row) =>
    row
      .map((probability, index) => ({ index, ...(classes[index] ?? unnamed(index)), probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top),
  )
}

async function classesOf(labels: Card['labels']): Promise<readonly { id: string; name: string }[]> {
  if (labels === 'imagenet-1k') return (await import('./labels/imagenet.ts')).imagenetClasses
  return (labels ?? []).map((name) => ({ id: name, name }))
}

const unnamed = (index: number): { id: string; name: string } => ({ id: `${index}`, name: `class ${index}` })

const named = (labels: Card['labels']): string => (Array.isArray(labels) ? ` (${labels.slice(0, 3).join(', ')})` : '')

function probabilities(model: LayersModel, batch: Tensor, fused: boolean): Tensor2D {
  const [scores] = [(fused ? fuse(model) : model).predict(batch) as Tensor2D | Tensor2D[]].flat()
  return givesProbabilities(model) ? scores! : softmax(scores!)
}

const RESHAPING = new Set(['Reshape', 'Flatten', 'Dropout', 'Permute'])

/** Whether softmax or sigmoid are done within the model: by a layer of their own or the last one that has weights. */
function givesProbabilities(model: LayersModel): boolean {
  let layer = model.outputs[0]!.sourceLayer
  while ('layers' in layer || RESHAPING.has(layer.getClassName())) {
    const before = 'layers' in layer ? (layer as unknown as LayersModel).outputs : inputsOf(layer)
    layer = before[0]!.sourceLayer
  }
  const { activation } = layer.getConfig() as { activation?: unknown }
  return layer.getClassName() === 'Softmax' || activation === 'softmax' || activation === 'sigmoid'
}
