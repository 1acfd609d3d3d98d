import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { failure, messageOf } from '../../error.ts'
import { type Http, shown } from '../fetch/http.ts'
import type { PipConfig } from './config.ts'
import { normalized, type WheelFile } from './wheel-file.ts'

/** What a look for a project found. */
export interface Offers {
  readonly files: readonly WheelFile[]
  /** The places that could not be asked, and why. */
  readonly problems: readonly string[]
}

const json = 'application/vnd.pypi.simple.v1+json'

/** All that pip's folders, pages and indexes offer of a project, in that order. */
export async function offers(project: string, config: PipConfig, http: Http): Promise<Offers> {
  const files: WheelFile[] = []
  const problems: string[] = []
  const places = [
    ...config.findLinks.map((place) => () => linked(place, http)),
    ...config.indexes.map((index) => () => page(`${index.replace(/\/*$/, '')}/${normalized(project)}/`, http)),
  ]
  for (const place of places) {
    try {
      files.push(...(await place()))
    } catch (error) {
      problems.push(messageOf(error))
    }
  }
  return { files, problems }
}

/** The files of a folder, or those that a page links to. */
async function linked(place: string, http: Http): Promise<WheelFile[]> {
  if (/^https?:/.test(place)) return page(place, http)
  const target = place.startsWith('file:') ? fileURLToPath(place) : place
  if (!existsSync(target)) throw failure('NO_FOLDER', `find-links names ${target}, which is not there.`)
  if (!statSync(target).isDirectory()) return [{ filename: path.basename(target), url: path.resolve(target) }]
  return readdirSync(target).map((filename) => ({ filename, url: path.resolve(target, filename) }))
}

/** The files of a project's page: JSON (PEP 691) where the server has it, else HTML (PEP 503). */
async function page(url: string, http: Http): Promise<WheelFile[]> {
  const response = await http(url, { accept: `${json}, text/html;q=0.2` })
  if (!response.ok)
    throw failure('FETCH_FAILED', `${shown(url)} answers ${response.status} ${response.statusText}.`.trim())
  // What the page links to is relative to where it came from; a name and password go along to the same host.
  const base = new URL(response.url || url)
  if (base.host === new URL(url).host) {
    base.username = new URL(url).username
    base.password = new URL(url).password
  }
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return isJson ? ofJson(text, base) : ofHtml(text, base)
}

interface JsonFile {
  readonly filename: string
  readonly url: string
  readonly size?: number
  readonly hashes?: { readonly sha256?: string }
}

function ofJson(text: string, base: URL): WheelFile[] {
  const { files } = JSON.parse(text) as { files: readonly JsonFile[] }
  return files.map(({ filename, url, size, hashes }) => ({
    filename,
    url: within(url, base),
    ...(size !== undefined && { size }),
    ...(hashes?.sha256 !== undefined && { sha256: hashes.sha256 }),
  }))
}

function ofHtml(text: string, base: URL): WheelFile[] {
  return [...text.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map((match) => {
    const address = new URL((match[1] ?? match[2])!.replaceAll('&amp;', '&'), base)
    const sha256 = /sha256=([0-9a-f]{64})/i.exec(address.hash)?.[1]?.toLowerCase()
    address.hash = ''
    const filename = decodeURIComponent(path.posix.basename(address.pathname))
    return { filename, url: within(address.href, base), ...(sha256 !== undefined && { sha256 }) }
  })
}

/** An absolute address, with the name and password of the page where it is on the same host. */
function within(address: string, base: URL): string {
  const url = new URL(address, base)
  if (url.host === base.host && url.username === '') {
    url.username = base.username
    url.password = base.password
  }
  return url.href
}
