import { CnnkitError } from '@cnnkit/errors'
import type { NamedTensor, WeightFile } from '@cnnkit/weights'
import { tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { adaptedChannels } from './adapt-channels.ts'
import type { Dialect } from './dialect.ts'
import { seenAs } from './layout.ts'
import { matching, type Pair } from './match-weights.ts'

/** Options of {@link assignWeights}. */
export interface AssignOptions {
  /** The names the file may use; the one that finds most serves. cnnkit's own paths are always tried as well. */
  readonly dialects: readonly Dialect[]
  /** Layers that keep the weights they have where the file's are of another shape: a fresh head on a pretrained body. */
  readonly mayStayFresh?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/**
 * Puts the tensors of a weight file into a model. All names and shapes are compared before the first is read, see {@link matching}.
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
  const { pairs, fresh } = matching(model, file, { dialects: options.dialects, mayStayFresh })
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
  return fresh
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
