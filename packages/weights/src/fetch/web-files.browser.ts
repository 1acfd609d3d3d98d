import type { Checksum, NpmSource, UrlSource } from '../source.ts'
import type { Task } from '../task.ts'
import { mirrorPath, onMirror } from './mirror.ts'
import { checkNpmSource, npmName } from './npm-source.ts'
import { type UrlBase, urlBase } from './url-base.ts'

/** The URL that a text means on this page. */
export const asUrl = (text: string): string =>
  new URL(text, globalThis.document?.baseURI ?? globalThis.location?.href).href

/** Files on a server, and what is known of them. */
export interface WebFiles {
  /** The address of a file. */
  resolve(path: string): string
  /** The address that the cache keeps it under: that of its publisher, where a mirror is asked. */
  key(path: string): string
  checksum(path: string): Checksum | undefined
  /** The address never changes its content (an exact version of a package). */
  readonly pinned: boolean
  /** The server is known to refuse pages of other origins. */
  readonly refusesPages: boolean
}

/** A weight file among them. */
export interface WebLocation {
  readonly files: WebFiles
  readonly path: string
  /** For messages. */
  readonly folder: string
}

/** A file of a URL and its siblings, or their copies on a mirror. */
export function urlFiles(source: UrlSource, mirror?: string): WebLocation {
  const own = urlBase(source.url)
  const asked = mirror === undefined ? own : urlBase(onMirror(asUrl(mirror), mirrorPath(source.url)))
  const hashes: Record<string, Checksum> = { ...source.files }
  if (source.checksum !== undefined) hashes[own.path] = source.checksum
  const refusesPages = mirror === undefined && source.cors === false
  return filesOf(own, asked, { hashes, prefix: '', pinned: false, refusesPages })
}

/** A package's files, one by one from a CDN that serves `<cdn><package>@<version>/<path>` (jsDelivr, unpkg, one's own). */
export function npmFiles(source: NpmSource, task: Task, mirror?: string): WebLocation {
  checkNpmSource(source)
  const prefix = source.path.slice(0, source.path.lastIndexOf('/') + 1)
  const name = `${npmName(source)}/${source.path}`
  const own = urlBase(`${task.cdn}${name}`)
  const asked = mirror === undefined ? own : urlBase(onMirror(asUrl(mirror), name))
  return filesOf(own, asked, { hashes: source.files, prefix, pinned: true, refusesPages: false })
}

function filesOf(
  own: UrlBase,
  asked: UrlBase,
  known: {
    readonly hashes: Readonly<Record<string, Checksum>> | undefined
    readonly prefix: string
    readonly pinned: boolean
    readonly refusesPages: boolean
  },
): WebLocation {
  const hashes = known.hashes ?? {}
  const checksum = (sibling: string): Checksum | undefined =>
    Object.hasOwn(hashes, known.prefix + sibling) ? hashes[known.prefix + sibling] : undefined
  return {
    path: own.path,
    folder: asked.folder,
    files: { ...known, resolve: asked.resolve, key: own.resolve, checksum },
  }
}
