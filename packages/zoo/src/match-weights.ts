import { CnnkitError } from '@cnnkit/errors'
import type { NamedTensor, WeightFile } from '@cnnkit/weights'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Correspondence, correspondences, type Dialect, mayBeLeft, ownPaths } from './dialect.ts'

/** A weight of the model, and the tensor of the file that goes into it. */
export interface Pair extends Correspondence {
  readonly source: NamedTensor
}

/** What goes where, and the layers that keep what they have. */
interface Matching {
  readonly pairs: readonly Pair[]
  readonly fresh: readonly string[]
}

/**
 * The tensors of a file that go into the weights of a model, by name.
 *
 * A file whose names none of the dialects knows is read by order, as Keras reads its old files, if all shapes fit. So is a
 * file of Keras whose names do not fit: Keras counts layers that have no name, from where the last model left off.
 *
 * @throws `WEIGHTS_MISMATCH` with what is missing, left over or of another shape
 */
export function matching(
  model: LayersModel,
  file: WeightFile,
  { dialects, mayStayFresh }: { readonly dialects: readonly Dialect[]; readonly mayStayFresh: readonly string[] },
): Matching {
  const dialect = closestDialect(model, file, dialects)
  const all = forThreeChannels(model, correspondences(model, dialect))
  const known = all.some(({ theirs }) => theirs !== undefined && file.get(theirs))
  const named = byName(file, dialect, all, mayStayFresh)
  const ordered =
    !known || (named.problems.length > 0 && file.format.startsWith('keras'))
      ? inOrder(file, asInFiles(all, dialect), mayStayFresh)
      : undefined
  if (ordered) return ordered
  refuse(model, dialect, named)
  return named
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

/** The weights in the order in which files of a dialect have them. */
export function asInFiles(all: readonly Correspondence[], { place }: Dialect): readonly Correspondence[] {
  if (!place) return all
  return [...all].sort((a, b) => place(layerName(a.ours)) - place(layerName(b.ours)))
}

/** Weights and tensors side by side as they come; `undefined` where the shapes do not agree all along. */
function inOrder(
  file: WeightFile,
  all: readonly Correspondence[],
  mayStayFresh: readonly string[],
): Matching | undefined {
  if (file.tensors.length < all.length) return undefined
  const pairs = all.map((pair, i): Pair => ({ ...pair, source: file.tensors[i]! }))
  const unfit = pairs.filter(({ shape, source }) => source.shape.join() !== shape.join())
  const fresh = [...new Set(unfit.map(({ ours }) => layerName(ours)))]
  if (fresh.some((path) => !mayStayFresh.includes(path))) return undefined
  return { pairs: pairs.filter(({ ours }) => !fresh.includes(layerName(ours))), fresh }
}

/** Weights and the tensors that a dialect names, and what is wrong with that. */
function byName(
  file: WeightFile,
  dialect: Dialect,
  all: readonly Correspondence[],
  mayStayFresh: readonly string[],
): Matching & { readonly wanted: number; readonly problems: readonly string[] } {
  const fresh = mayStayFresh.filter((path) => all.some((pair) => layerName(pair.ours) === path && !fits(pair, file)))
  const wanted = all.filter(({ ours }) => !fresh.includes(layerName(ours)))
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
  return { pairs, fresh, wanted: wanted.length, problems }
}

function refuse(model: LayersModel, dialect: Dialect, { wanted, problems }: ReturnType<typeof byName>): void {
  if (problems.length === 0) return
  const shown = problems.slice(0, 5).join('; ')
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
  throw new CnnkitError(
    'zoo',
    'WEIGHTS_MISMATCH',
    `The file does not fit ${model.name} (${problems.length} of ${wanted} weights differ, read as "${dialect.name}"): ${shown}${more}. Name the model that the file was saved from.`,
  )
}

const layerName = (tensor: string): string => tensor.slice(0, tensor.lastIndexOf('/'))
