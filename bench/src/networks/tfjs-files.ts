import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'

interface ModelJson {
  readonly modelTopology: object
  readonly weightsManifest: io.WeightsManifestConfig
}

/**
 * Reads a tfjs model from a folder as `file://` of tfjs-node does, which TensorFlow.js alone lacks: one shard after the
 * other, then all in one buffer.
 */
export function asTfjsNodeReads(folder: string): io.IOHandler {
  return reader(folder, async (paths) => {
    const shards: Buffer[] = []
    for (const path of paths) shards.push(await readFile(path))
    const all = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0))
    let offset = 0
    for (const shard of shards) {
      all.set(shard, offset)
      offset += shard.length
    }
    return all.buffer
  })
}

/** Reads a tfjs model from a folder in the quickest way that TensorFlow.js takes: all shards at once, never put together. */
export function asQuickAsCanBe(folder: string): io.IOHandler {
  return reader(folder, async (paths) => {
    const shards = await Promise.all(paths.map((path) => readFile(path)))
    return shards.map(({ buffer, byteOffset, length }) =>
      byteOffset === 0 && length === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + length),
    ) as ArrayBuffer[]
  })
}

function reader(folder: string, read: (paths: readonly string[]) => Promise<io.WeightData>): io.IOHandler {
  return {
    load: async () => {
      const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as ModelJson
      const paths = json.weightsManifest.flatMap((group) => group.paths.map((path) => join(folder, path)))
      return {
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
        weightData: await read(paths),
      }
    },
  }
}
