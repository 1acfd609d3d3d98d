import { existsSync, rmSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { noDevice } from '../device/cuda.ts'
import { failure } from '../error.ts'
import { type Located, resolved, type TfjsNodePackage } from '../locate.ts'
import { bindingFile, compile, loads } from './binding/compile.ts'
import { headersFolder } from './binding/headers.ts'
import { cacheFolder } from './cache.ts'
import { explained, megabytes } from './disk.ts'
import { http } from './fetch/http.ts'
import { alone } from './lock.ts'
import { addPackage, type ManagerName } from './package/manager.ts'
import { type PipOverrides, pipConfig } from './pip/config.ts'
import { assertPlatform, assertTools, thisMachine } from './prerequisites.ts'
import { type Progress, printed } from './progress.ts'
import { type Receipt, readReceipt, writeReceipt } from './receipt.ts'
import { unpackTensorflow } from './unpack.ts'
import { defaultVersion, glibcNeeded } from './wheel/pins.ts'

/** What and where to install. */
export interface InstallOptions extends PipOverrides {
  /** The folder of the project, where its `package.json` is; the current one unless given. */
  readonly project?: string
  /** The CPU form, of a sixth of the size, in place of the CUDA form. */
  readonly cpu?: boolean
  /** Version of TensorFlow. */
  readonly tensorflow?: string
  /** A folder with Node's headers in `include/node`. */
  readonly nodedir?: string
  /** Where wheels are kept. */
  readonly cache?: string
  /** Again, though all is there. */
  readonly force?: boolean
  /** Told of each step. */
  readonly progress?: Progress
}

const tfjsVersion = '^4.22.0'
/** Of TensorFlow 2.15; what later versions need is in {@link glibcNeeded}. */
const olderGlibc = '2.17'

/**
 * Brings what `nodeGpu` runs on: TensorFlow.js' package with its scripts off, TensorFlow's library out of its wheel, and the binding between
 * them, compiled. Until all of it is there and loads, what was there before stays in place.
 *
 * @returns what is installed
 */
export async function install(options: InstallOptions = {}): Promise<Receipt> {
  const { tensorflow = defaultVersion, progress = printed() } = options
  const form = options.cpu ? 'cpu' : 'cuda'
  const machine = thisMachine()
  assertPlatform(machine, tensorflow.startsWith('2.15.') ? olderGlibc : glibcNeeded)
  assertTools(machine.env)
  const project = path.resolve(options.project ?? '.')
  const name = form === 'cpu' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu'
  const { located, addedBy } = await present(name, project, progress)
  const waiting = (): void => progress.note('Another process is installing here: waiting for it.')
  return alone(located.folder, waiting, async () => {
    const before = readReceipt(located.folder)
    if (!options.force && before?.tensorflow === tensorflow && before.form === form) {
      progress.step(`Checking what is there: TensorFlow ${tensorflow} (${form})`)
      if (await loads(located.folder).catch(() => undefined)) return before
      progress.note('It does not load: installing it again.')
    }
    if (form === 'cuda') warnOfCuda(progress)
    const manager = addedBy ?? before?.addedBy
    return staged(located, (staging) => fill(staging, { ...options, tensorflow, progress }, located, form, manager))
  })
}

/** The package where it lies in the project; brought into it where it does not. */
async function present(
  name: TfjsNodePackage,
  project: string,
  progress: Progress,
): Promise<{ located: Located; addedBy?: ManagerName }> {
  const there = resolved(name, project)
  if (there !== undefined) return { located: there }
  if (existsSync(path.join(project, '.pnp.cjs'))) {
    throw failure(
      'PLUG_AND_PLAY',
      `${project} keeps its packages in archives (yarn's Plug'n'Play), where nothing can be compiled. Set nodeLinker: node-modules in .yarnrc.yml.`,
    )
  }
  progress.step(`Adding ${name} to ${project}, its install script not run`)
  const addedBy = await addPackage(project, `${name}@${tfjsVersion}`)
  const located = resolved(name, project)
  if (located === undefined)
    throw failure('NOT_ADDED', `${addedBy} added ${name}, yet it is not found from ${project}.`)
  return { located, addedBy }
}

function warnOfCuda(progress: Progress): void {
  progress.note(
    'The CUDA form has not been proven on a GPU yet. nodeGpu({ requireGpu: true }) says whether it computes there.',
  )
  const none = noDevice()
  if (none !== undefined) progress.note(`Here ${none} Installing all the same; --cpu takes a sixth of the room.`)
}

/** Makes a new installation beside the present one and puts it in its place; where that fails, nothing is left of it. */
async function staged(located: Located, fill: (staging: string) => Promise<Receipt>): Promise<Receipt> {
  const staging = path.join(located.folder, '.cnnkit-staging')
  const clear = (): void => rmSync(staging, { recursive: true, force: true })
  process.once('exit', clear)
  try {
    clear()
    await mkdir(path.join(staging, 'deps/lib'), { recursive: true })
    const receipt = await fill(staging)
    await rm(path.join(located.folder, 'deps'), { recursive: true, force: true })
    await rename(path.join(staging, 'deps'), path.join(located.folder, 'deps'))
    await mkdir(path.dirname(path.join(located.folder, bindingFile)), { recursive: true })
    await rename(path.join(staging, bindingFile), path.join(located.folder, bindingFile))
    return receipt
  } catch (error) {
    throw explained(error, located.folder)
  } finally {
    process.off('exit', clear)
    clear()
  }
}

type Asked = InstallOptions & { readonly tensorflow: string; readonly progress: Progress }

async function fill(
  staging: string,
  options: Asked,
  located: Located,
  form: Receipt['form'],
  addedBy: ManagerName | undefined,
): Promise<Receipt> {
  const { tensorflow, progress } = options
  const headers = await headersFolder(options.nodedir, path.join(staging, 'headers'))
  const config = pipConfig(options)
  const sources = { config, http: http(config), cache: cacheFolder(options.cache), progress }
  const { wheels, bytes } = await unpackTensorflow(path.join(staging, 'deps'), tensorflow, form, sources)
  progress.step('Compiling the binding')
  await compile(located.folder, staging, headers)
  progress.step('Loading it')
  const version = await loads(staging)
  const receipt: Receipt = { tensorflow, form, wheels, bytes, ...(addedBy !== undefined && { addedBy }) }
  await writeReceipt(staging, receipt)
  progress.step(`TensorFlow ${version} (${form}) is in place, ${megabytes(bytes)}: ${located.folder}`)
  return receipt
}
