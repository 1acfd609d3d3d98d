// tfjs models: a `model.json` (topology and weights manifest, or the manifest alone) and its shards.
import { weightsError } from '../error.ts'
import { type Location, readAll } from '../files/byte-file.ts'
import { type NamedTensor, type WeightFile, weightFile } from '../weight-file.ts'
import { decodeValues } from './tfjs-decode.ts'
import { parseManifest } from './tfjs-manifest.ts'
import { openShards, readAcross } from './tfjs-shards.ts'

/** Topologies are long, but not that long: the biggest network here has 2 MB. */
const jsonLimit = 64 * 2 ** 20

/**
 * Opens a `model.json`: checks the manifest and that every shard is there with the right size; the values are read when
 * they are asked for.
 */
export async function openTfjs(location: Location, source: string): Promise<WeightFile> {
  const { modelTopology: _, weightsManifest, ...metadata } = await readModelJson(location, source)
  const groups = parseManifest(weightsManifest, source)
  const shards = await openShards(groups, location.folder, source)
  const tensors = groups.flatMap((group, index) =>
    group.weights.map(
      (weight): NamedTensor => ({
        name: weight.name,
        shape: weight.shape,
        dtype: weight.dtype,
        byteLength: weight.byteLength,
        async read() {
          const bytes = new Uint8Array(weight.byteLength)
          await readAcross(shards[index] ?? [], bytes, weight.offset)
          return decodeValues(bytes, weight)
        },
      }),
    ),
  )
  return weightFile({ format: 'tfjs', source, tensors, metadata })
}

/** The content of a `model.json`. Errors: `BAD_MANIFEST` where it is no JSON object, `TOO_LARGE`. */
export async function readModelJson(location: Location, source: string): Promise<Record<string, unknown>> {
  const bytes = await readAll(await location.folder.open(location.path), jsonLimit)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw weightsError('BAD_MANIFEST', `${source} is not JSON (${bytes.length} bytes): fetch or write it anew.`, error)
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  throw weightsError('BAD_MANIFEST', `${source} is JSON, but not a tfjs model. Name the model.json of one.`)
}
