import type { io } from '@tensorflow/tfjs-core'
import type { Location } from '../files/byte-file.ts'
import { readModelJson } from './tfjs.ts'
import { parseManifest } from './tfjs-manifest.ts'
import { openShards } from './tfjs-shards.ts'

/** A tfjs model with all of its weights, as `tf.loadLayersModel({ load: async () => artifacts })` takes it. */
export async function readArtifacts(location: Location, source: string): Promise<io.ModelArtifacts> {
  const { weightsManifest, ...rest } = await readModelJson(location, source)
  const groups = parseManifest(weightsManifest, source)
  const shards = await openShards(groups, location.folder, source)
  const weightData: ArrayBuffer[] = []
  for (const shard of shards.flat()) {
    const bytes = new Uint8Array(shard.size)
    await shard.readInto(bytes, 0)
    weightData.push(bytes.buffer)
  }
  const weightSpecs = (weightsManifest as io.WeightsManifestConfig).flatMap((group) => group.weights)
  return { ...(rest as Omit<io.ModelArtifacts, 'weightSpecs' | 'weightData'>), weightSpecs, weightData }
}
