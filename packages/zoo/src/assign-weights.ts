import { CnnkitError } from '@cnnkit/errors'
import type { NamedTensor, WeightFile } from '@cnnkit/weights'
import { tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { adaptedChannels } from './adapt-channels.ts'
import { type Correspondence, correspondences, type Dialect, mayBeLeft, ownPaths } from './dialect.ts'
import { seenAs } from './layout.ts'

/** Options of {@link assignWeights}. */
export interface AssignOptions {
  /** The names the file may use; the one that finds most serves. cnnkit's own paths are always tried as well. */
  readonly dialects: readonly Dialect[]
  /** Layers that keep the weights they have where the file's are of another shape: a fresh head on a pretrained body. */
  readonly mayStayFresh?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/** A weight of the model, and the tensor of the file that goes into it. */
interface Pair extends Correspondence {
  readonly source: NamedTensor
}

/**
 * Puts the tensors of a weight file into a model. All names and shapes are compared before the first is read. A file
 * whose names none of the dialects knows is read by order, as Keras reads its old files, if all shapes fit.
 *
 * A first convolution for other than 3 channels takes the file's kernel adapted: see {@link adaptedChannels}.
 *
 * @returns the layers that kept the weights they had
 * @throws `WEIGHTS_MISMATCH` with what is missing, left over or of another shape; then the model is unchanged
 * @throws `ABORTED` when the signal says so, and what the file throws when it is broken; then the model is half assigned
 *   and the caller disposes it
 */
export async function assignWeights(
  model: LayersModel,
  file: WeightFile,
  options: AssignOptions,
): Promise<readonly string[]> {
  const { mayStayFresh = [], signal } = options
  const dialect = closestDialect(model, file, options.dialects)
  const all = forThreeChannels(model, correspondences(model, dialect))
  const byOrder = all.some(({ theirs }) => theirs !== undefined && file.get(theirs)) ? undefined : inOrder(all, file)
  const fresh = mayStayFresh.filter((path) => all.some((pair) => layerName(pair.ours) === path && !fits(pair, file)))
  const wanted = byOrder ?? all.filter(({ ours }) => !fresh.includes(layerName(ours)))
  const pairs = byOrder ?? paired(model, file, dialect, wanted)
  const reads: Promise<Float32Array>[] = []
  for (const [i, pair] of pairs.entries()) {
    if (signal?.aborted) throw new CnnkitError('zoo', 'ABORTED', `Loading the weights of ${model.name} was aborted.`)
    for (const { source } of pairs.slice(reads.length, i + AHEAD)) reads.push(readable(source))
    const values = ours(pair, await reads[i]!)
    delete reads[i]
    const value = tensor(values, pair.variable.shape as number[], 'float32')
    pair.variable.write(value)
    value.dispose()
  }
  return byOrder ? [] : fresh
}

/**
 * The dialect in which a file has most of a model's weights; between two of the same names that in which most shapes are right.
 * cnnkit's own paths are among those tried.
 */
export function closestDialect(model: LayersModel, file: WeightFile, dialects: readonly Dialect[]): Dialect {
  const hits = (dialect: Dialect): number => {
    const all = correspondences(model, dialect)
    const named = all.filter(({ theirs }) => theirs !== undefined && file.get(theirs) !== undefined)
    return named.length + named.filter((pair) => fits(pair, file)).length / (all.length + 1)
  }
  const all = [...dialects, ownPaths].map((dialect) => ({ dialect, hits: hits(dialect) }))
  return all.reduce((best, candidate) => (candidate.hits > best.hits ? candidate : best)).dialect
}

/** Tensors that are read from the file while those before them are put into the model. */
const AHEAD = 64

/** A read whose failure is thrown where it is awaited, and not before. */
function readable(source: NamedTensor): Promise<Float32Array> {
  const read = source.read()
  read.catch(() => {})
  return read
}

/** The file's values as the model has them. */
function ours({ view, background, variable }: Pair, values: Float32Array): Float32Array {
  const classes = variable.shape.at(-1)!
  const wanted = background ? values.filter((_, i) => i % (classes + 1) !== 0) : values
  const ordered = view ? seenAs(wanted, view) : wanted
  return ordered.length === variable.shape.reduce<number>((size, side) => size * side!, 1)
    ? ordered
    : adaptedChannels(ordered, variable.shape as number[])
}

function fits({ theirs, shape }: Correspondence, file: WeightFile): boolean {
  return theirs !== undefined && file.get(theirs)?.shape.join() === shape.join()
}

/** The correspondences with the first kernel's shape as published, for 3 channels, where the model takes another number. */
function forThreeChannels(model: LayersModel, all: readonly Correspondence[]): readonly Correspondence[] {
  const channels = model.inputs[0]!.shape.at(-1)
  const first = all.find(({ variable }) => variable.shape.length === 4)
  if (channels === 3 || first?.variable.shape[2] !== channels) return all
  const three = (shape: readonly number[], axis: number): number[] => shape.map((side, i) => (i === axis ? 3 : side))
  return all.map((pair) => {
    if (pair !== first) return pair
    if (!pair.view) return { ...pair, shape: three(pair.shape, 2) }
    const axis = pair.view.order[2]!
    return { ...pair, shape: three(pair.shape, axis), view: { ...pair.view, sides: three(pair.view.sides, axis) } }
  })
}

/** Weights and tensors side by side as they come; `undefined` where the shapes do not agree all along. */
function inOrder(all: readonly Correspondence[], file: WeightFile): readonly Pair[] | undefined {
  if (file.tensors.length < all.length) return undefined
  const pairs = all.map((pair, i): Pair => ({ ...pair, source: file.tensors[i]! }))
  return pairs.every(({ shape, source }) => source.shape.join() === shape.join()) ? pairs : undefined
}

function paired(
  model: LayersModel,
  file: WeightFile,
  dialect: Dialect,
  wanted: readonly Correspondence[],
): readonly Pair[] {
  const problems: string[] = []
  const pairs: Pair[] = []
  for (const pair of wanted) {
    const source = pair.theirs === undefined ? undefined : file.get(pair.theirs)
    if (source === undefined) {
      problems.push(`missing ${pair.theirs ?? pair.ours}`)
      continue
    }
    pairs.push({ ...pair, source })
    if (source.shape.join() !== pair.shape.join()) {
      problems.push(`${source.name} is [${source.shape.join(', ')}] and should be [${pair.shape.join(', ')}]`)
    }
  }
  // What belongs to a head that this model does not have, or keeps, may be left over; anything else may not.
  const used = new Set(pairs.map(({ source }) => source.name))
  const leftOver = file.tensors.filter(({ name }) => !used.has(name) && !mayBeLeft(name, dialect))
  problems.push(...leftOver.map(({ name }) => `left over ${name}`))
  if (problems.length === 0) return pairs
  const shown = problems.slice(0, 5).join('; ')
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
  throw new CnnkitError(
    'zoo',
    'WEIGHTS_MISMATCH',
    `The file does not fit ${model.name} (${problems.length} of ${wanted.length} weights differ, read as "${dialect.name}"): ${shown}${more}. Name the model that the file was saved from.`,
  )
}

const layerName = (tensor: string): string => tensor.slice(0, tensor.lastIndexOf('/'))
