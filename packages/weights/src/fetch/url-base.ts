import { weightsError } from '../error.ts'

/** A file on a server, taken apart so that its siblings can be named. */
export interface UrlBase {
  /** Up to and with the last slash of the path, without the query. */
  readonly folder: string
  /** The file's name, not percent-encoded. */
  readonly path: string
  /** With its question mark, or empty: access tokens travel in it, so siblings get it too. */
  readonly query: string
  /** The URL of a file beside it. */
  resolve(path: string): string
}

/** Takes a URL apart; one that ends in a slash means the `model.json` there. Errors: `BAD_SOURCE`. */
export function urlBase(text: string): UrlBase {
  if (!URL.canParse(text)) throw weightsError('BAD_SOURCE', `"${text}" is not a URL. Write it out: https://...`)
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) {
    throw weightsError(
      'BAD_SOURCE',
      `${text.slice(0, 80)} is not on a web server. Hand over its bytes, or the files as { kind: 'files' }.`,
    )
  }
  url.hash = ''
  const cut = url.pathname.lastIndexOf('/') + 1
  const folder = `${url.origin}${url.pathname.slice(0, cut)}`
  const name = url.pathname.slice(cut)
  const path = decoded(name) || 'model.json'
  return {
    folder,
    path,
    query: url.search,
    // The file's own address stays as it was given: a signature may cover how it is written.
    resolve: (sibling) =>
      sibling === path && name !== ''
        ? url.href
        : `${folder}${sibling.split('/').map(encodeURIComponent).join('/')}${url.search}`,
  }
}

/** A name that is a path when decoded stays as it is: it must not lead out of a folder. */
function decoded(name: string): string {
  try {
    const plain = decodeURIComponent(name)
    return /[/\\]|^\.*$/.test(plain) ? name : plain
  } catch {
    return name
  }
}
