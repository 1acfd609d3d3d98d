import { weightsError } from './error.ts'
import { hexOf } from './fetch/checksum.ts'
import { holdsWeb, webFolder } from './fetch/url.browser.ts'
import { asUrl, npmFiles, urlFiles, type WebLocation } from './fetch/web-files.browser.ts'
import type { Location } from './files/byte-file.ts'
import type { Platform } from './platform.ts'
import { type Task, taskOf } from './task.ts'

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
    (await import('./fetch/asset.ts')).fetchAsset(
      weights,
      task,
      globalThis.crypto?.subtle === undefined
        ? undefined
        : async (bytes) => hexOf(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))),
    ),
  importPackage: (name) => import(/* @vite-ignore */ /* webpackIgnore: true */ name),
}

const located = ({ files, path, folder }: WebLocation, task: Task): Location => ({
  folder: webFolder(folder, files, task),
  path,
})
