import type { io } from '@tensorflow/tfjs-core'
import { weightsError } from '../error.ts'
import { parseManifest } from './tfjs-manifest.ts'

/** A model as files: the shards' content (in pieces, not copied) and what `model.json` must say. */
export interface TfjsLayout {
  readonly shards: readonly { readonly path: string; readonly pieces: readonly Uint8Array[] }[]
  readonly modelJson: string
}

/** Browsers cache files up to a few megabytes best; tfjs' own converter cuts at the same size. */
const shardBytes = 4 * 2 ** 20

/**
 * Lays a model out as `model.json` and shards of 4 MiB, named `<stem>-<i>of<n>.bin`, in the form that
 * `tf.loadLayersModel` reads. Errors: `BAD_ARTIFACTS` where the weights do not have the size that their specs say.
 */
export function layOut(artifacts: io.ModelArtifacts, stem: string): TfjsLayout {
  const pieces = piecesOf(artifacts)
  const specs = artifacts.weightSpecs ?? []
  const actual = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  const expected = parseManifest([{ paths: [], weights: specs }], 'The model')[0]?.byteLength ?? 0
  if (actual !== expected) {
    throw weightsError(
      'BAD_ARTIFACTS',
      `The model has ${actual} bytes of weights, its specs describe ${expected}. Save it anew.`,
    )
  }
  const count = Math.ceil(actual / shardBytes)
  const shards = Array.from({ length: count }, (_, index) => ({
    path: `${stem}-${index + 1}of${count}.bin`,
    pieces: cut(pieces, index * shardBytes, Math.min(actual, (index + 1) * shardBytes)),
  }))
  const { modelTopology, weightSpecs: _, weightData: __, getWeightStream: ___, ...rest } = artifacts
  if (modelTopology instanceof ArrayBuffer) {
    throw weightsError('BAD_ARTIFACTS', 'The model is a graph model in binary form. Save a layers model.')
  }
  const weightsManifest = [{ paths: shards.map(({ path }) => path), weights: specs }]
  return { shards, modelJson: JSON.stringify({ modelTopology: modelTopology ?? null, ...rest, weightsManifest }) }
}

/** All weight data of a model, in order. */
export function piecesOf({ weightData = [] }: io.ModelArtifacts): Uint8Array[] {
  return (Array.isArray(weightData) ? weightData : [weightData]).map((buffer) => new Uint8Array(buffer))
}

function cut(pieces: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
  const found: Uint8Array[] = []
  let start = 0
  for (const piece of pieces) {
    const begin = Math.max(from - start, 0)
    const end = Math.min(to - start, piece.byteLength)
    if (begin < end) found.push(piece.subarray(begin, end))
    start += piece.byteLength
  }
  return found
}
