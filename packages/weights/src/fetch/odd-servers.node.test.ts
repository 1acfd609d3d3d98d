import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Checksum, openWeights, type UrlSource } from '../index.node.ts'
import { opener } from '../testing/child.ts'
import { failure, noise, pinned, singleFile, temporaryFolder } from '../testing/model.ts'
import { type Served, startServer, type TestServer } from '../testing/server.ts'

// One large file, as publishers have them: an .h5, a .pth, a .safetensors.
let server: TestServer
let cdn: TestServer
let cacheDir: string
beforeAll(async () => {
  server = await startServer()
  cdn = await startServer()
})
afterAll(async () => {
  await server.close()
  await cdn.close()
})
beforeEach(async () => {
  cacheDir = await temporaryFolder()
  for (const each of [server, cdn]) {
    each.files.clear()
    each.asked()
  }
})

const content = noise(400_000)
const file = singleFile(content)
const md5: Checksum = `md5:${createHash('md5').update(file).digest('hex')}`
const quick = { retries: 2, stallSeconds: 0.4, onNotice: () => undefined }

const serve = (how: Omit<Served, 'bytes'> = {}, checksum: Checksum | undefined = md5): UrlSource => {
  server.serve('net.safetensors', file, how)
  return { kind: 'url', url: `${server.url}net.safetensors`, checksum }
}
/** Whether a source gives the very content; quicker than comparing arrays element by element. */
async function isRight(source: UrlSource, options = {}): Promise<boolean> {
  const opened = await openWeights(source, { cacheDir, ...quick, ...options })
  const values = await opened.get('x')?.read()
  return values !== undefined && Buffer.compare(Uint8Array.from(values), content) === 0
}
/** What was asked for; how far a broken answer had come depends on the machine. */
const ranges = (): (string | undefined)[] => server.seen.map(({ range }) => range?.replace(/[1-9]\d+/, 'n'))

describe('a large file', () => {
  it.each<[string, Omit<Served, 'bytes'>, Checksum | undefined, (string | undefined)[]]>([
    ['is taken up where the server cut it', { cuts: [150_000, 100_000] }, md5, [undefined, 'bytes=n-', 'bytes=n-']],
    ['also without a hash, if it has an ETag', { cuts: [150_000] }, 'none', [undefined, 'bytes=n-']],
    ['not without a hash and an ETag', { cuts: [150_000], etag: null }, 'none', [undefined, undefined]],
    ['and not by a weak ETag', { cuts: [150_000], etag: 'W/"1"' }, 'none', [undefined, undefined]],
    ['comes whole where `Range` is ignored', { cuts: [150_000], ranges: false }, md5, [undefined, 'bytes=n-']],
    ['is taken up after a stall', { stallOnce: 150_000 }, md5, [undefined, 'bytes=n-']],
  ])('%s', async (_, how, checksum, expected) => {
    expect(await isRight(serve(how, checksum))).toBe(true)
    expect(ranges()).toEqual(expected)
  })

  it('is not joined from two contents, though the server joins them', async () => {
    const source = serve({ cuts: [150_000], etags: ['"1"'], etag: '"2"', careless: true }, 'none')
    expect(await isRight(source)).toBe(true)
    expect(ranges()).toEqual([undefined, 'bytes=n-', undefined])
  })

  it('that has changed between two parts comes anew where a hash is known, or is refused', async () => {
    const source = serve({ cuts: [150_000], etags: ['"1"'], etag: '"2"' })
    expect(await isRight(source)).toBe(true)
    expect(server.seen.map(({ status }) => status)).toEqual([200, 200])
  })

  it('whose part is longer than the file has become comes anew (416)', async () => {
    const etag = '"the same"'
    const source = serve({ stallOnce: 300_000, etag })
    await failure(openWeights(source, { cacheDir, ...quick, retries: 0 }))
    server.serve('net.safetensors', singleFile(noise(100_000)), { etag })
    const { code } = await failure(openWeights(source, { cacheDir, ...quick }))
    expect(code).toBe('CHECKSUM_MISMATCH')
    expect(server.seen.map(({ status }) => status)).toEqual([200, 416, 200])
    server.serve('net.safetensors', file)
    expect(await isRight(source)).toBe(true)
  })

  it('of which all had arrived is not asked for twice (416)', async () => {
    const source = serve({ stallOnce: file.length, lie: 1 })
    await failure(openWeights(source, { cacheDir, ...quick, retries: 0 }))
    server.serve('net.safetensors', file)
    expect(await isRight(source)).toBe(true)
    expect(server.seen.at(-1)?.status).toBe(416)
  })

  it('is asked for uncompressed, so that lengths and ranges are those of the file', async () => {
    await isRight(serve({ cuts: [150_000] }))
    expect(server.seen.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity', 'identity'])
  })

  it('may come compressed nevertheless, and broken off', async () => {
    const source = serve({ gzip: true })
    expect(await isRight(source)).toBe(true)
    server.asked()
    expect(await isRight(serve({ gzip: true, cuts: [100_000] }), { cacheDir: await temporaryFolder() })).toBe(true)
    expect(server.seen.at(-1)?.range).toBeUndefined()
  })

  it('states a length that is wrong: it is not kept', async () => {
    const { code } = await failure(openWeights(serve({ lie: 5, ranges: false }), { cacheDir, ...quick }))
    expect(['CUT', 'NETWORK', 'STALLED']).toContain(code)
    expect(await readdir(join(cacheDir, 'url')).catch(() => [])).toEqual([])
  })
})

describe('a redirect', () => {
  it('to another server is followed, again for each part, and the file kept under the first address', async () => {
    const source = serve({ redirect: `${cdn.url}blobs/0f3a?signature=abc` })
    cdn.serve('blobs/0f3a', file, { cuts: [150_000] })
    expect(await isRight(source)).toBe(true)
    expect(server.asked()).toHaveLength(2)
    expect(cdn.seen.map(({ url, range }) => [url, range?.replace(/[1-9]\d+/, 'n')])).toEqual([
      ['/blobs/0f3a?signature=abc', undefined],
      ['/blobs/0f3a?signature=abc', 'bytes=n-'],
    ])
    expect(await readdir(join(cacheDir, 'url'))).toEqual([expect.stringMatching(/^127\.0\.0\.1-\d+-[0-9a-f]{10}$/)])
    expect(await isRight(source, { offline: true })).toBe(true)
  })

  it('to a page in place of the file is told as what it is', async () => {
    server.serve('login', '<!doctype html><p>Sign in')
    const source = serve({ redirect: `${server.url}login` }, 'none')
    expect((await failure(isRight(source))).message).toContain('a web page')
    expect((await failure(isRight({ ...source, checksum: md5 }))).code).toBe('CHECKSUM_MISMATCH')
  })
})

describe('an address', () => {
  it.each([
    'records/42/content',
    'download?id=7&export=media',
    'repo/resolve/main/model.safetensors?download=true',
    'a%20net%20(1).safetensors',
    'up%2F..%2F..%2Fnet.safetensors',
    `${'long'.repeat(60)}.safetensors`,
    'con:aux*.safetensors',
  ])('such as %s is asked for as it is written, and has a name in the cache', async (path) => {
    server.files.set(decodeURIComponent(`/${path.replace(/\?.*/, '')}`), { bytes: file })
    const source: UrlSource = { kind: 'url', url: `${server.url}${path}`, checksum: md5 }
    expect(await isRight(source)).toBe(true)
    expect(server.seen.map(({ url }) => url)).toEqual([`/${path}`])
    expect(await isRight(source, { offline: true })).toBe(true)
    const inside = await readdir(cacheDir, { recursive: true, withFileTypes: true })
    const names = inside.filter((entry) => entry.isFile()).map(({ name }) => name)
    expect(names).toHaveLength(2)
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThan(200)
  })

  it('may be http or https, and nothing else', async () => {
    expect((await failure(isRight({ kind: 'url', url: 'ftp://x/net.h5' }))).code).toBe('BAD_SOURCE')
  })
})

describe('memory', () => {
  it('never holds a file, neither while it is fetched nor while its tensors are read', async () => {
    const size = 300_000_000
    const large = singleFile(new Uint8Array(size).fill(1), 200)
    server.serve('large.safetensors', large)
    const run = await opener()
    const source: UrlSource = { kind: 'url', url: `${server.url}large.safetensors`, checksum: pinned(large) }
    const { sum, peakBytes } = await run(source, { cacheDir }).result
    expect(sum).toBe(size)
    expect(peakBytes).toBeLessThan(0.75 * size)
  })
})
