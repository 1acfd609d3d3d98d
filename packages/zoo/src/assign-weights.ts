import { CnnkitError } from '@cnnkit/errors'
import type { WeightFile } from '@cnnkit/weights'
import { tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Correspondence, correspondences, type Dialect, ownPaths, published } from './dialect.ts'

/** Options of {@link assignWeights}. */
export interface AssignOptions {
  /** The names the file may use; the one that finds most serves. cnnkit's own paths are always tried as well. */
  readonly dialects: readonly Dialect[]
  /** Layers that keep the weights they have where the file's are of another shape: a fresh head on a pretrained body. */
  readonly mayStayFresh?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/**
 * Puts the tensors of a weight file into a model. All names and shapes are compared before the first is read.
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
  const dialect = closestDialect(model, file, [...options.dialects, ownPaths])
  const all = correspondences(model, dialect)
  const fresh = mayStayFresh.filter((path) => all.some((pair) => layerName(pair.ours) === path && !fits(pair, file)))
  const wanted = all.filter(({ ours }) => !fresh.includes(layerName(ours)))
  compare(model, file, dialect, wanted)
  const reads: Promise<Float32Array>[] = []
  for (const [i, { variable }] of wanted.entries()) {
    if (signal?.aborted) throw new CnnkitError('zoo', 'ABORTED', `Loading the weights of ${model.name} was aborted.`)
    for (const { theirs } of wanted.slice(reads.length, i + AHEAD)) reads.push(readable(file, theirs!))
    const value = tensor(await reads[i]!, variable.shape as number[], 'float32')
    delete reads[i]
    variable.write(value)
    value.dispose()
  }
  return fresh
}

/** Tensors that are read from the file while those before them are put into the model. */
const AHEAD = 64

/** A read whose failure is thrown where it is awaited, and not before. */
function readable(file: WeightFile, name: string): Promise<Float32Array> {
  const read = file.get(name)!.read()
  read.catch(() => {})
  return read
}

function fits({ theirs, shape }: Correspondence, file: WeightFile): boolean {
  return theirs !== undefined && file.get(theirs)?.shape.join() === shape.join()
}

function closestDialect(model: LayersModel, file: WeightFile, dialects: readonly Dialect[]): Dialect {
  const hits = (dialect: Dialect): number =>
    correspondences(model, dialect).filter(({ theirs }) => theirs !== undefined && file.get(theirs) !== undefined)
      .length
  return dialects.reduce((best, dialect) => (hits(dialect) > hits(best) ? dialect : best))
}

function compare(model: LayersModel, file: WeightFile, dialect: Dialect, wanted: readonly Correspondence[]): void {
  const problems: string[] = []
  const used = new Set<string>()
  for (const { ours, theirs, shape } of wanted) {
    const found = theirs === undefined ? undefined : file.get(theirs)
    if (found === undefined) {
      problems.push(`missing ${theirs ?? ours}`)
      continue
    }
    used.add(found.name)
    if (found.shape.join() !== shape.join()) {
      problems.push(`${found.name} is [${found.shape.join(', ')}] and should be [${shape.join(', ')}]`)
    }
  }
  // What belongs to a head that this model does not have, or keeps, may be left over; anything else may not.
  const head = published('head.logits', dialect)
  const leftOver = file.tensors.filter(({ name }) => !used.has(name) && layerName(name) !== head)
  problems.push(...leftOver.map(({ name }) => `left over ${name}`))
  if (problems.length === 0) return
  const shown = problems.slice(0, 5).join('; ')
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
  throw new CnnkitError(
    'zoo',
    'WEIGHTS_MISMATCH',
    `The file does not fit ${model.name} (${problems.length} of ${wanted.length} weights differ, read as "${dialect.name}"): ${shown}${more}. Name the model that the file was saved from.`,
  )
}

const layerName = (tensor: string): string => tensor.slice(0, tensor.lastIndexOf('/'))
