import { CnnkitError } from '@cnnkit/errors'
import type { PictureDataset } from '@cnnkit/images'
import { cardOf, nearestVotes, replaceHead, setCard } from '@cnnkit/layers'
import { tensor1d, tensor2d, transpose } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { type EmbedDatasetOptions, type Embeddings, embedDataset, embeddingOf } from '../embeddings/embeddings.ts'

/** Options of {@link nearestNeighbors}. */
export interface NearestNeighborsOptions {
  /** How many of the nearest examples vote; 5 unless given. */
  readonly neighbors?: number
  /** What near means: a small angle, or a small distance. `cosine` unless given. */
  readonly metric?: 'cosine' | 'euclidean'
}

/** Votes of the nearest examples. */
export interface NearestNeighbors {
  /**
   * Each class's share of the votes.
   *
   * @param values `[queries, width]`, row by row
   * @returns `[queries, classes]`, row by row
   */
  votes(values: Float32Array): Float32Array
}

/**
 * A first look at what embeddings know, with nothing trained: each query is voted on by its nearest examples. Of classes with as many
 * votes the first in the list counts as the answer.
 *
 * @throws `BAD_NEIGHBORS` when there are not as many examples
 */
export function nearestNeighbors(known: Embeddings, options: NearestNeighborsOptions = {}): NearestNeighbors {
  const { neighbors = 5 } = options
  const { width, labels, classes } = known
  checkNeighbors(neighbors, labels.length)
  const { rows, offsets } = nearness(known, options.metric)
  return {
    votes: (values) => {
      const queries = values.length / width
      const result = new Float32Array(queries * classes.length)
      for (let query = 0; query < queries; query++) {
        const near = offsets.map((offset, row) => {
          let sum = offset
          for (let i = 0; i < width; i++) sum += values[query * width + i]! * rows[row * width + i]!
          return sum
        })
        const nearest = Array.from(near.keys()).sort((a, b) => near[b]! - near[a]! || a - b)
        for (const row of nearest.slice(0, neighbors)) {
          const at = query * classes.length + labels[row]!
          result[at] = result[at]! + 1 / neighbors
        }
      }
      return result
    },
  }
}

/**
 * The same as one savable model: a network that holds the examples' embeddings and gives each class's share of the votes. Load it with
 * `loadModel`, which knows the layer that votes.
 *
 * The model that is handed in is used up: its layers live on in the result.
 *
 * @throws `BAD_NEIGHBORS`; then the model is left as it was
 */
export async function nearestNeighborsHead(
  model: LayersModel,
  data: PictureDataset,
  options: NearestNeighborsOptions & EmbedDatasetOptions = {},
): Promise<LayersModel> {
  const { neighbors = 5, metric } = options
  checkNeighbors(neighbors, data.size)
  const known = await embedDataset(model, data, options)
  const { rows, offsets } = nearness(known, metric)
  const card = cardOf(model)
  const embedding = embeddingOf(model)
  const [near, vote] = [
    layers.dense({ name: 'head.logits', units: data.size, trainable: false, kernelInitializer: 'zeros' }),
    nearestVotes({ name: 'head.scores', neighbors, classes: data.classes.length }),
  ]
  const result = replaceHead(model, () => {
    const pool = layers.globalAveragePooling2d({ name: 'head.pool' })
    const vector = embedding.shape.length === 4 ? (pool.apply(embedding) as SymbolicTensor) : embedding
    return vote.apply(near.apply(vector)) as SymbolicTensor
  })
  const examples = tensor2d(rows, [data.size, known.width])
  const values = [transpose(examples), tensor1d(offsets), tensor1d(Float32Array.from(known.labels))]
  near.setWeights(values.slice(0, 2))
  vote.setWeights(values.slice(2))
  for (const value of [examples, ...values]) value.dispose()
  setCard(result, { ...card, labels: [...data.classes] })
  return result
}

/** Nearness as a product and an offset: `x . row + offset`. Of two examples the nearer one has more, for either metric. */
function nearness(
  { values, width }: Embeddings,
  metric: NearestNeighborsOptions['metric'] = 'cosine',
): { readonly rows: Float32Array; readonly offsets: Float32Array } {
  const squares = new Float64Array(values.length / width)
  values.forEach((value, at) => {
    const row = Math.floor(at / width)
    squares[row] = squares[row]! + value * value
  })
  if (metric === 'euclidean') return { rows: values, offsets: Float32Array.from(squares, (square) => -square / 2) }
  const rows = values.map((value, at) => value / (Math.sqrt(squares[Math.floor(at / width)]!) || 1))
  return { rows, offsets: new Float32Array(squares.length) }
}

function checkNeighbors(neighbors: number, examples: number): void {
  if (Number.isInteger(neighbors) && neighbors >= 1 && neighbors <= examples) return
  throw new CnnkitError(
    'transfer',
    'BAD_NEIGHBORS',
    `${neighbors} nearest neighbours of ${examples} examples are asked for. Give a whole number from 1 to ${examples}.`,
  )
}
