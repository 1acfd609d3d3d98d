import { urlBase } from './url-base.ts'

/** Names that tell nothing of what is in a file: a mirror has such files at their whole path. */
const saysNothing = /^(pytorch_|tf_)?model\.|^[^.]*$/i

/** Where a mirror has the file of a URL, relative to the mirror. */
export function mirrorPath(url: string): string {
  const { path } = urlBase(url)
  if (!saysNothing.test(path)) return path
  const folders = new URL(url).pathname.split('/').slice(1, -1).filter(Boolean)
  return [...folders.map((folder) => urlBase(`http://x/${folder}`).path), path].join('/')
}

/** The URL of a file on a mirror; the mirror's query, if it has one, is kept. */
export function onMirror(mirror: string, path: string): string {
  const { folder, query } = urlBase(mirror.replace(/\/*(?=\?|#|$)/, '/'))
  return `${folder}${path.split('/').map(encodeURIComponent).join('/')}${query}`
}

/** What `npm pack` calls the tarball of a package: `@a/b` at 1.0.0 is `a-b-1.0.0.tgz`. */
export const packedName = (source: { readonly package: string; readonly version: string }): string =>
  `${source.package.replace(/^@/, '').replace('/', '-')}-${source.version}.tgz`
