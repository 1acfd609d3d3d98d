import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isCnnkitError } from '@cnnkit/errors'
import type { io } from '@tensorflow/tfjs-core'
import { weightsError } from '../error.ts'
import { me, nameOf } from '../fetch/owner.node.ts'
import { exists, sweepAbandoned, sweepUnnamed, syncFolder, writeWhole } from '../files/durable.node.ts'
import { layOut, piecesOf } from './tfjs-layout.ts'
import { parseManifest } from './tfjs-manifest.ts'

/**
 * Writes a model as a folder: `model.json` and shards of 4 MiB, which `readTfjsArtifacts` and, from a web server, stock
 * `tf.loadLayersModel` read. With tfjs: `model.save({ save: (artifacts) => writeTfjs(folder, artifacts) })`.
 *
 * A new folder appears when it is complete. In one that exists the shards get new names (from their content), and the
 * renaming of `model.json` changes from the old model to the new at once; then the old model's shards are deleted. Other
 * files in it stay. Whatever breaks off, the folder holds the old model or the new.
 *
 * Errors: `BAD_ARTIFACTS`; `WRITE_FAILED` where the disk refuses, with nothing left behind.
 */
export async function writeTfjs(folder: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  const target = resolve(folder)
  const stem = `weights-${contentHash(artifacts)}`
  const files = layOut(artifacts, stem)
  try {
    if (await exists(target)) await replaceIn(target, files)
    else await createAt(target, files)
    await syncFolder(dirname(target))
  } catch (error) {
    if (isCnnkitError(error)) throw error
    throw weightsError(
      'WRITE_FAILED',
      `The model could not be written to ${target}: ${error}. Nothing was changed.`,
      error,
    )
  }
  await sweepAbandoned(target)
  await sweepAbandoned(dirname(target), `.${basename(target)}`)
  await sweepUnnamed(target, /^weights-[0-9a-f]{8}-\d+of\d+\.bin$/, new Set(files.shards.map(({ path }) => path)))
  return { modelArtifactsInfo: infoOf(artifacts) }
}

type Files = ReturnType<typeof layOut>

async function createAt(target: string, files: Files): Promise<void> {
  const stage = join(dirname(target), nameOf({ what: `.${basename(target)}`, owner: me(), kind: 'saving' }))
  try {
    await mkdir(stage, { recursive: true })
    await writeAll(stage, files)
    await rename(stage, target).catch(async (error) => {
      if (!(await exists(target))) throw error
      await replaceIn(target, files)
    })
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

async function replaceIn(target: string, files: Files): Promise<void> {
  const old = await shardsOf(target)
  const current = files.shards.map(({ path }) => path)
  try {
    await writeAll(target, files)
  } catch (error) {
    const added = current.filter((path) => !old.includes(path))
    await Promise.all(added.map((path) => rm(join(target, path), { force: true })))
    throw error
  }
  const gone = old.filter((path) => !current.includes(path))
  await Promise.all(gone.map((path) => rm(join(target, path), { force: true })))
}

/** The shards first: what `model.json` names is there at every moment. */
async function writeAll(folder: string, { shards, modelJson }: Files): Promise<void> {
  for (const { path, pieces } of shards) await writeWhole(join(folder, path), pieces)
  await syncFolder(folder)
  await writeWhole(join(folder, 'model.json'), [new TextEncoder().encode(modelJson)])
  await syncFolder(folder)
}

/** The shards that a folder's model names; none where it holds no model. */
async function shardsOf(folder: string): Promise<string[]> {
  try {
    const { weightsManifest } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))
    return parseManifest(weightsManifest, folder).flatMap(({ paths }) => paths)
  } catch {
    return []
  }
}

function contentHash(artifacts: io.ModelArtifacts): string {
  const hash = createHash('sha256')
  for (const piece of piecesOf(artifacts)) hash.update(piece)
  return hash.digest('hex').slice(0, 8)
}

function infoOf(artifacts: io.ModelArtifacts): io.ModelArtifactsInfo {
  const length = (value: unknown): number => (value == null ? 0 : Buffer.byteLength(JSON.stringify(value)))
  return {
    dateSaved: new Date(),
    modelTopologyType: 'JSON',
    modelTopologyBytes: length(artifacts.modelTopology),
    weightSpecsBytes: length(artifacts.weightSpecs),
    weightDataBytes: piecesOf(artifacts).reduce((sum, { byteLength }) => sum + byteLength, 0),
  }
}
