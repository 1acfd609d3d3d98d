import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { isCnnkitError } from '@cnnkit/errors'
import { weightsError } from '../error.ts'
import { safePath } from '../files/safe-path.ts'
import type { Meter } from './meter.ts'

/** Size and SHA-256 of the files that were unpacked, by where they were put. */
export type Unpacked = Record<string, { readonly bytes: number; readonly sha256: string }>

/**
 * Unpacks the files of an npm tarball that have a place. Only plain files are; links are passed over. The paths are checked.
 * Errors: `UNSAFE_PATH`, `BAD_TARBALL`.
 */
export async function unpack(job: {
  readonly tarball: string
  readonly target: string
  /** Where a file goes, by its path inside the package; undefined leaves it out. */
  place(path: string): string | undefined
  readonly progress: Meter
  readonly signal: AbortSignal | undefined
}): Promise<Unpacked> {
  const { tarball, target, progress, signal } = job
  const { extract: tarExtract } = await import('tar-stream')
  const extract = tarExtract()
  const files: Unpacked = {}
  progress.expect((await stat(tarball)).size)
  const reading = pipeline(
    createReadStream(tarball, { highWaterMark: 2 ** 18 }),
    counter((bytes) => progress.at(tarball, bytes, bytes)),
    createGunzip(),
    extract,
    signal === undefined ? {} : { signal },
  )
  const writing = async (): Promise<void> => {
    for await (const entry of extract) {
      // npm puts everything below one folder, mostly "package", and drops it whatever its name.
      const path = entry.header.name.replace(/^[^/]*\//, '')
      const place = entry.header.type === 'file' ? job.place(path) : undefined
      if (place === undefined) entry.resume()
      else files[place] = await writeEntry(entry, join(target, safePath(place, tarball)))
    }
  }
  // When one of the two fails the other does: what was written tells the reason, if it is one of ours.
  const [written, read] = await Promise.allSettled([writing(), reading])
  const error =
    read.status === 'rejected' && !isOurs(written) ? read.reason : written.status === 'rejected' && written.reason
  if (!error) return files
  if (signal?.aborted || isCnnkitError(error)) throw error
  throw weightsError('BAD_TARBALL', `${tarball} cannot be unpacked: ${error.message}. Fetch it again.`, error)
}

const isOurs = (result: PromiseSettledResult<void>): boolean =>
  result.status === 'rejected' && isCnnkitError(result.reason)

async function writeEntry(entry: AsyncIterable<unknown>, path: string): Promise<Unpacked[string]> {
  await mkdir(dirname(path), { recursive: true })
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'w')
  try {
    for await (const chunk of entry as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      bytes += chunk.byteLength
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

function counter(report: (bytes: number) => void): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength
      report(bytes)
      done(null, chunk)
    },
  })
}
