import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { messageOf } from '../error.ts'
import { missingIn, resolved, type TfjsNodePackage } from '../locate.ts'
import { loads } from './binding/compile.ts'
import { cacheFolder } from './cache.ts'
import { megabytes } from './disk.ts'
import { readReceipt } from './receipt.ts'

const names: readonly TfjsNodePackage[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** What is installed in a project, in lines for people. */
export async function status(project: string = '.'): Promise<string[]> {
  const lines = await Promise.all(names.map((name) => statusOf(name, path.resolve(project))))
  return [...lines, `The cache, ${cacheFolder()}: ${megabytes(cacheBytes())}`]
}

async function statusOf(name: TfjsNodePackage, project: string): Promise<string> {
  const located = resolved(name, project)
  if (located === undefined) return `${name}: not in ${project}`
  const missing = missingIn(located)
  const what = `${name} ${located.version}`
  if (missing !== undefined) return `${what}: ${missing}`
  const receipt = readReceipt(located.folder)
  const from = receipt === undefined ? 'not by this installer' : `${receipt.form} form, ${megabytes(receipt.bytes)}`
  const state = await loads(located.folder).then(
    (version) => `TensorFlow ${version} loads`,
    (error) => messageOf(error),
  )
  return `${what}: ${state} (${from})`
}

function cacheBytes(): number {
  const folder = cacheFolder()
  if (!existsSync(folder)) return 0
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
}
