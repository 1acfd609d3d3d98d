import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Split } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { applyPolicy, type FitResult, fineTune, fit } from '@cnnkit/transfer'
import { checkpointFile } from '@cnnkit/transfer/checkpoint-file'
import { createModel, loadModel, type ModelName, saveModel } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { duration, openModel, trainingProgress } from 'cnnkit'
import type { Arguments } from './arguments.ts'
import { augmentation, folderOf, type Way } from './ways.ts'

/** A network that was taught, and how that went. */
export interface Taught extends FitResult {
  readonly model: LayersModel
}

const SEED = 1

/**
 * Teaches the network in one way, or takes what an earlier call finished on the same pictures with the same options. A
 * stopped call leaves a checkpoint that the next goes on from.
 */
export async function teach(way: Way, pictures: Split, args: Arguments, signal: AbortSignal): Promise<Taught> {
  const folder = folderOf(args.out, way)
  const key = keyOf(way, pictures, args)
  const kept = args.fresh ? undefined : await takeUp(folder, key)
  if (kept) {
    process.stderr.write(`✔ ${way.name}: kept from an earlier call (--fresh trains again)\n`)
    return kept
  }
  const progress = trainingProgress(way.name)
  try {
    const options = {
      recipe: way.recipe,
      epochs: args.epochs,
      seed: SEED,
      validation: pictures.validation,
      signal,
      checkpoint: checkpointFile(join(folder, 'checkpoint')),
      onProgress: progress.onProgress,
    }
    const taught = way.pretrained
      ? await fromPublished(way, pictures, args.model, options)
      : await fromScratch(way, pictures, args.model, options)
    await keep(folder, key, taught)
    progress.done(`${args.epochs} epochs in ${duration(taught.seconds)}`)
    return taught
  } finally {
    progress.stop()
  }
}

type Options = Parameters<typeof fit>[2]

async function fromPublished(way: Way, { train }: Split, name: string, options: Options): Promise<Taught> {
  const model = await openModel(name, options.signal ? { signal: options.signal } : {})
  const { size } = cardOf(model).preprocessing
  return fineTune(model, train, {
    ...options,
    policy: way.policy,
    ...(way.augmented && { augment: augmentation(size) }),
  })
}

async function fromScratch(way: Way, { train }: Split, name: string, options: Options): Promise<Taught> {
  const model = await createModel(name as ModelName, {
    weights: null,
    classes: train.classes.length,
    normMomentum: 0.9,
    seed: SEED,
  })
  applyPolicy(model, way.policy)
  return { model, ...(await fit(model, train, options)) }
}

interface Kept extends FitResult {
  readonly key: string
}

async function keep(folder: string, key: string, { model, ...result }: Taught): Promise<void> {
  await saveModel(model, join(folder, 'model'))
  await mkdir(folder, { recursive: true })
  const unfinished = join(folder, 'run.json.tmp')
  await writeFile(unfinished, `${JSON.stringify({ key, ...result } satisfies Kept, undefined, 2)}\n`)
  await rename(unfinished, join(folder, 'run.json'))
}

async function takeUp(folder: string, key: string): Promise<Taught | undefined> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { key: keptKey, ...result } = JSON.parse(text) as Kept
  return keptKey === key ? { model: await loadModel(join(folder, 'model')), ...result } : undefined
}

/** A hash of all that decides what the run comes to: the pictures, the way, the network. */
function keyOf(way: Way, { train, validation }: Split, { model, epochs }: Arguments): string {
  const ids = [train, validation].map((set) => Array.from({ length: set.size }, (_, i) => set.id(i)))
  return createHash('sha256').update(JSON.stringify({ way, ids, model, epochs, SEED })).digest('hex')
}
