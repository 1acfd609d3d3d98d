import { weightsError } from './error.ts'
import { type Location, memoryFile, memoryFolder } from './files/byte-file.ts'
import type { Platform } from './platform.ts'
import {
  isWeightsPackage,
  type PackageSource,
  type WeightsInput,
  type WeightsPackage,
  type WeightsSource,
} from './source.ts'
import type { Task } from './task.ts'

/** Where an input's weight file is, and how messages call it. */
export interface Located {
  readonly location: Location
  readonly name: string
}

/** An input with bare addresses made sources, and where it is to be looked for. */
export interface Candidate {
  readonly input: Exclude<WeightsInput, string | URL>
  /** Its copy on a mirror is meant. */
  readonly mirror?: string
}

/** What a bare address means. */
export function plainInput(input: WeightsInput, platform: Platform): Candidate['input'] {
  return typeof input === 'string' || input instanceof URL ? sourceOf(String(input), platform) : input
}

/** Finds the weight file of an input; what is needed for that is fetched. */
export async function locate({ input, mirror }: Candidate, platform: Platform, task: Task): Promise<Located> {
  if (isWeightsPackage(input)) return embedded(input, platform, task)
  if (input instanceof Uint8Array) {
    return {
      location: { folder: memoryFolder('the given bytes', { bytes: input }), path: 'bytes' },
      name: 'the given bytes',
    }
  }
  if (input.kind === 'package') return embedded(await loadPackage(input, platform), platform, task)
  const location = await locateSource(input, platform, task, mirror)
  return { location, name: nameOf(input, location) }
}

function sourceOf(text: string, platform: Platform): WeightsSource {
  const url = platform.asUrl(text)
  return url === undefined ? { kind: 'path', path: text } : { kind: 'url', url }
}

async function locateSource(
  source: Exclude<WeightsSource, PackageSource>,
  platform: Platform,
  task: Task,
  mirror: string | undefined,
): Promise<Location> {
  switch (source.kind) {
    case 'path':
      return platform.path(source.path)
    case 'url':
      return platform.url(source, task, mirror)
    case 'npm':
      return platform.npm(source, task, mirror)
    case 'files':
      return { folder: memoryFolder('the given files', source.files), path: source.path ?? 'model.json' }
    default:
      throw weightsError(
        'BAD_SOURCE',
        `${JSON.stringify(source)} is no source of weights. Give a path, a URL, bytes, a weights package, or { kind: 'path' | 'url' | 'npm' | 'package' | 'files', ... }.`,
      )
  }
}

function nameOf(source: Exclude<WeightsSource, PackageSource>, { folder, path }: Location): string {
  if (source.kind === 'npm') return `${source.package}@${source.version}/${source.path}`
  if (source.kind === 'files') return path
  return folder.name.endsWith('/') ? `${folder.name}${path}` : `${folder.name}/${path}`
}

/** A data package is a tfjs manifest and one file of bytes. */
async function embedded(weights: WeightsPackage, platform: Platform, task: Task): Promise<Located> {
  const json = JSON.stringify({ modelTopology: null, weightsManifest: weights.manifest })
  const manifest = memoryFile(weights.tag, new TextEncoder().encode(json))
  const location: Location = {
    path: 'model.json',
    folder: {
      name: weights.tag,
      open: async (path) => (path === 'model.json' ? manifest : platform.asset(weights, task)),
      kept: async () => ({ location: weights.bytes.href, bytes: weights.byteLength, verified: true }),
    },
  }
  return { location, name: weights.tag }
}

async function loadPackage(source: PackageSource, platform: Platform): Promise<WeightsPackage> {
  const exported = await (source.load?.() ?? platform.importPackage(source.name)).catch((error) => {
    if (error?.name === 'CnnkitError') throw error
    throw weightsError(
      'NOT_FOUND',
      `The package ${source.name} cannot be imported. Install it: npm install ${source.name}`,
      error,
    )
  })
  const found = Object.values(exported).filter(isWeightsPackage)
  const chosen = source.tag === undefined ? found[0] : found.find(({ tag }) => tag === source.tag)
  if (chosen !== undefined) return chosen
  const has = found.map(({ tag }) => tag).join(', ') || 'none'
  throw weightsError(
    'BAD_SOURCE',
    `${source.name} exports no weights ${source.tag ?? ''}; it has ${has}. Check the name.`,
  )
}
