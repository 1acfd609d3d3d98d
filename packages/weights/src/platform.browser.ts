import { weightsError } from './error.ts'
import { fetchAsset } from './fetch/asset.ts'
import { sha256 } from './fetch/checksum.ts'
import { checkNpmSource, npmName } from './fetch/npm-source.ts'
import { sha256Of, webFolder } from './fetch/url.browser.ts'
import { urlBase } from './fetch/url-base.ts'
import type { Platform } from './platform.ts'
import type { NpmSource, UrlSource } from './source.ts'
import { type Task, taskOf } from './task.ts'

/** The network and the Cache API of a page or a worker. */
export const browser: Platform = {
  task: (options) => taskOf(options, '', false),
  asUrl: (text) => new URL(text, globalThis.document?.baseURI ?? globalThis.location?.href).href,
  path: async (path) => {
    throw weightsError(
      'NOT_IN_BROWSER',
      `A page cannot open the path "${path}". Give a URL, or the files as { kind: 'files' }.`,
    )
  },
  url: locateUrl,
  npm: async (source, task) => locateNpm(source, task),
  asset: async (weights, task) =>
    fetchAsset(
      weights,
      task,
      globalThis.crypto?.subtle === undefined ? undefined : (bytes) => sha256Of(bytes) as Promise<string>,
    ),
  importPackage: (name) => import(/* @vite-ignore */ /* webpackIgnore: true */ name),
}

function locateUrl(source: UrlSource, task: Task): ReturnType<Platform['url']> {
  const base = urlBase(source.url)
  const hashes: Record<string, string> = { ...source.files }
  if (source.sha256 !== undefined) hashes[base.path] = source.sha256
  return {
    folder: webFolder(base.folder, { resolve: base.resolve, checksum: checksums(hashes, ''), pinned: false }, task),
    path: base.path,
  }
}

/** A package's files, one by one from a CDN that serves `<cdn><package>@<version>/<path>` (jsDelivr, unpkg, one's own). */
function locateNpm(source: NpmSource, task: Task): ReturnType<Platform['url']> {
  checkNpmSource(source)
  const folder = source.path.slice(0, source.path.lastIndexOf('/') + 1)
  const base = urlBase(`${task.cdn}${npmName(source)}/${folder}`)
  const files = { resolve: base.resolve, checksum: checksums(source.files ?? {}, folder), pinned: true }
  return { folder: webFolder(base.folder, files, task), path: source.path.slice(folder.length) }
}

const checksums = (hashes: Readonly<Record<string, string>>, folder: string) => (path: string) => {
  const hex = Object.hasOwn(hashes, folder + path) ? hashes[folder + path] : undefined
  return hex === undefined ? undefined : sha256(hex, path)
}
