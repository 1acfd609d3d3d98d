import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { resolved, type TfjsNodePackage } from '../locate.ts'
import { bindingFile } from './binding/compile.ts'
import { cacheFolder } from './cache.ts'
import { alone } from './lock.ts'
import { removePackage } from './package/manager.ts'
import { type Progress, printed } from './progress.ts'
import { readReceipt } from './receipt.ts'

/** What to undo. */
export interface UninstallOptions {
  /** The folder of the project; the current one unless given. */
  readonly project?: string
  /** Also what was fetched and kept for the next time. */
  readonly cache?: boolean
  /** Told of each step. */
  readonly progress?: Progress
}

const names: readonly TfjsNodePackage[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** Takes away what `install` brought: the library, the binding, and TensorFlow.js' package where it was not there before. */
export async function uninstall(options: UninstallOptions = {}): Promise<void> {
  const { progress = printed() } = options
  const project = path.resolve(options.project ?? '.')
  for (const name of names) {
    const located = resolved(name, project)
    const receipt = located && readReceipt(located.folder)
    if (located === undefined || receipt === undefined) continue
    progress.step(`Removing TensorFlow ${receipt.tensorflow} (${receipt.form}) from ${located.folder}`)
    await alone(
      located.folder,
      () => progress.note('Another process is installing here: waiting for it.'),
      async () => {
        for (const part of ['deps', path.dirname(bindingFile)]) {
          await rm(path.join(located.folder, part), { recursive: true, force: true })
        }
      },
    )
    if (receipt.addedBy === undefined) continue
    progress.step(`Removing ${name} from ${project}, which ${receipt.addedBy} added`)
    await removePackage(project, name, receipt.addedBy)
  }
  if (options.cache && existsSync(cacheFolder())) {
    progress.step(`Removing the wheels in ${cacheFolder()}`)
    await rm(cacheFolder(), { recursive: true, force: true })
  }
}
