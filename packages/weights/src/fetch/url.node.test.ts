import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Checksum, openWeights, readTfjsArtifacts, type WeightsProgress } from '../index.node.ts'
import { opener } from '../testing/child.ts'
import { failure, noise, pinned, sha256, temporaryFolder, tiny } from '../testing/model.ts'
import { type Served, startServer, type TestServer } from '../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const big = noise(400_000)
const bigJson = JSON.stringify({
  weightsManifest: [{ paths: ['big.bin'], weights: [{ name: 'x', shape: [100_000], dtype: 'int32' }] }],
})
const values = Float32Array.from(new Int32Array(big.buffer))
const quick = { retries: 2, stallSeconds: 0.4 }

let cacheDir: string
beforeEach(async () => {
  cacheDir = await temporaryFolder()
  server.files.clear()
  server.asked()
  server.serve('tiny/model.json', JSON.stringify(tiny.json))
  server.serve('tiny/one.bin', tiny.one)
  server.serve('tiny/two.bin', tiny.two)
})

function serveBig(how: Omit<Served, 'bytes'> = {}): { kind: 'url'; url: string; files: Record<string, Checksum> } {
  server.serve('big/model.json', bigJson)
  server.serve('big/big.bin', big, how)
  return { kind: 'url', url: `${server.url}big/model.json`, files: { 'big.bin': pinned(big) } }
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
const partials = async (): Promise<string[]> =>
  (await filesIn(join(cacheDir, 'partial'))).filter((name) => name.endsWith('.part'))
const open = (source: Parameters<typeof openWeights>[0], options = {}) =>
  openWeights(source, { cacheDir, ...quick, ...options })

describe('weights from a URL', () => {
  it('are fetched once; later the server is only asked whether they have changed', async () => {
    const file = await open(`${server.url}tiny/model.json`)
    expect(await file.get('a')?.read()).toEqual(new Float32Array([0, 1, 2, 3, 4, 5]))
    expect(server.asked().sort()).toEqual(['tiny/model.json', 'tiny/one.bin', 'tiny/two.bin'])
    await open(`${server.url}tiny/`)
    expect(server.seen.map(({ status }) => status)).toEqual([304, 304, 304])
  })

  it('whose hashes are known are not asked for again', async () => {
    const source = {
      kind: 'url',
      url: `${server.url}tiny/model.json`,
      checksum: pinned(Buffer.from(JSON.stringify(tiny.json))),
      files: { 'one.bin': pinned(tiny.one), 'two.bin': pinned(tiny.two) },
    } as const
    await open(source)
    server.asked()
    const file = await open(source)
    expect(await file.get('b')?.read()).toEqual(new Float32Array([6, 7]))
    expect(server.asked()).toEqual([])
  })

  it('are fetched anew when they have changed', async () => {
    await open(`${server.url}tiny/model.json`)
    server.serve('tiny/two.bin', tiny.two.slice().reverse())
    const file = await open(`${server.url}tiny/model.json`)
    expect(await file.get('b')?.read()).not.toEqual(new Float32Array([6, 7]))
  })

  it('hand the query on to the shards', async () => {
    await open(`${server.url}tiny/model.json?token=1`)
    expect(server.seen).toHaveLength(3)
  })

  it('come as artifacts for tfjs too', async () => {
    const artifacts = await readTfjsArtifacts(`${server.url}tiny/`, { cacheDir })
    expect(artifacts.weightSpecs?.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(artifacts.weightData).toEqual([tiny.one.buffer, tiny.two.buffer])
  })
})

describe('a server that misbehaves', () => {
  it('and cuts the connection is asked for the rest', async () => {
    const file = await open(serveBig({ cuts: [150_000, 100_000] }))
    expect(await file.get('x')?.read()).toEqual(values)
    expect(server.seen.slice(1).map(({ range }) => range?.replace(/[1-9]\d+/, 'n'))).toEqual([
      undefined,
      'bytes=n-',
      'bytes=n-',
    ])
    expect(server.seen.at(-1)?.status).toBe(206)
    expect(await partials()).toEqual([])
  })

  it('and ignores Range sends everything again', async () => {
    const file = await open(serveBig({ cuts: [150_000], ranges: false }))
    expect(await file.get('x')?.read()).toEqual(values)
    expect(server.seen.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('and gives no ETag is not asked for the rest where no hash is known', async () => {
    const { url } = serveBig({ cuts: [150_000], etag: null })
    expect(await (await open(url)).get('x')?.read()).toEqual(values)
    expect(server.seen.slice(1).map(({ range }) => range)).toEqual([undefined, undefined])
  })

  it('and changes the file between two attempts sends the new one whole', async () => {
    const { url } = serveBig({ cuts: [150_000] })
    const changed = noise(400_000, 7)
    const promise = open(url)
    await vi.waitFor(() => expect(server.seen).toHaveLength(2))
    await vi.waitFor(async () => expect(server.files.get('/big/big.bin')?.cuts).toEqual([]))
    server.serve('big/big.bin', changed)
    expect(await (await promise).get('x')?.read()).toEqual(Float32Array.from(new Int32Array(changed.buffer)))
  })

  it('and stalls is left and asked again', async () => {
    const file = await open(serveBig({ stallOnce: 200_000 }))
    expect(await file.get('x')?.read()).toEqual(values)
    expect(server.seen.at(-1)?.range).toBe('bytes=200000-')
  })

  it('and always stalls is given up, with what has arrived kept for the next time', async () => {
    const source = serveBig()
    const file = server.files.get('/big/big.bin') as Served
    file.stallOnce = 1000
    const { code, message } = await failure(open(source, { retries: 0 }))
    expect(code).toBe('STALLED')
    expect(message).toContain('big.bin brought no byte for 0.4 s')
    expect(await partials()).toHaveLength(1)
    server.asked()
    await open(source)
    expect(server.seen.at(-1)?.range).toBe('bytes=1000-')
  })

  it('and is busy is asked again; one that refuses is not', async () => {
    await open(serveBig({ statuses: [503, 429] }))
    expect(server.asked()).toHaveLength(4)
    const { code, message } = await failure(
      open(serveBig({ statuses: [403, 200] }), { cacheDir: await temporaryFolder() }),
    )
    expect([code, server.asked().length]).toEqual(['HTTP_STATUS', 2])
    expect(message).toContain('(HTTP 403)')
    server.files.delete('/big/big.bin')
    expect((await failure(open(`${server.url}big/`, { cacheDir: await temporaryFolder() }))).code).toBe('SHARD_MISSING')
  })

  it.each([
    { lie: 5, codes: ['CUT', 'NETWORK', 'STALLED'] },
    { lie: -5, codes: ['CHECKSUM_MISMATCH', 'NETWORK'] },
  ])('and states a length that is wrong by $lie leaves no file in the cache', async ({ lie, codes }) => {
    const { code } = await failure(open(serveBig({ lie, ranges: false }), { retries: 1 }))
    expect(codes).toContain(code)
    expect((await filesIn(join(cacheDir, 'url'))).filter((name) => name.startsWith('big.bin'))).toEqual([])
  })

  it('and sends wrong bytes leaves an empty cache, and the error tells both hashes', async () => {
    const wrong = noise(400_000, 2)
    const source = { ...serveBig(), checksum: pinned(Buffer.from('other')) }
    const json = await failure(open(source))
    expect(json.code).toBe('CHECKSUM_MISMATCH')
    expect(await filesIn(cacheDir)).toEqual([])
    server.serve('big/big.bin', wrong)
    const { code, message } = await failure(open({ ...source, checksum: pinned(Buffer.from(bigJson)) }))
    expect(code).toBe('CHECKSUM_MISMATCH')
    expect(message).toContain(`expected sha256 ${sha256(big)}, got ${sha256(wrong)}`)
    expect((await filesIn(cacheDir)).sort()).toEqual(['model.json', 'model.json.cnnkit.json'])
  })

  it('and sends a short shard without a known hash leaves it out of the cache', async () => {
    server.serve('tiny/two.bin', tiny.two.subarray(0, 10))
    const { code, message } = await failure(open(`${server.url}tiny/`))
    expect(code).toBe('SHARD_SIZE')
    expect(message).toContain('has 10 bytes, expected 16')
    expect((await filesIn(cacheDir)).filter((name) => name.includes('.bin'))).toEqual([])
  })

  it('and sends a page in place of the model leaves it out of the cache', async () => {
    server.serve('tiny/model.json', '<!doctype html><p>not here')
    expect((await failure(open(`${server.url}tiny/`))).message).toContain('a web page')
    expect(await filesIn(cacheDir)).toEqual([])
  })

  it('cannot spoil a download with pieces of another file', async () => {
    const source = serveBig({ stallOnce: 100_000 })
    await failure(open(source, { retries: 0 }))
    const [partial] = await partials()
    await writeFile(join(cacheDir, 'partial', partial as string), noise(100_000, 9))
    expect(await (await open(source)).get('x')?.read()).toEqual(values)
  })
})

describe('the caller', () => {
  it('aborts, and the next call goes on from there', async () => {
    const source = serveBig({ rate: 500_000 })
    const controller = new AbortController()
    const aborted = open(source, {
      signal: controller.signal,
      onProgress: ({ loadedBytes }: WeightsProgress) => loadedBytes > 60_000 && controller.abort(),
    })
    expect((await failure(aborted)).code).toBe('ABORTED')
    expect((await filesIn(join(cacheDir, 'url'))).filter((name) => name.startsWith('big.bin'))).toEqual([])
    expect(await partials()).toHaveLength(1)
    serveBig()
    expect(await (await open(source)).get('x')?.read()).toEqual(values)
    expect(Number(server.seen.at(-1)?.range?.match(/\d+/)?.[0])).toBeGreaterThan(60_000)
    expect(await filesIn(join(cacheDir, 'partial'))).toEqual([])
  })

  it('does not even begin with a signal that is aborted', async () => {
    expect((await failure(open(`${server.url}tiny/`, { signal: AbortSignal.abort() }))).code).toBe('ABORTED')
    expect(server.asked()).toEqual([])
  })

  it('is told bytes and time left, and that the second time nothing was fetched', async () => {
    const source = serveBig({ rate: 700_000 })
    const events: WeightsProgress[] = []
    const onProgress = (event: WeightsProgress) => events.push(event)
    const started = performance.now()
    await open(source, { onProgress })
    expect(events.length).toBeGreaterThan(2)
    // The first, one each tenth of a second, and the last.
    expect(events.length).toBeLessThanOrEqual(2 + (performance.now() - started) / 100)
    expect(events.every(({ phase, totalBytes }) => phase === 'download' && totalBytes === 400_000)).toBe(true)
    const loaded = events.map(({ loadedBytes }) => loadedBytes)
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b))
    expect(events.at(-1)).toMatchObject({ loadedBytes: 400_000, secondsLeft: 0, source: `${server.url}big/` })
    const estimate = events.find(({ secondsLeft }) => secondsLeft !== undefined)?.secondsLeft
    expect(estimate).toBeGreaterThan(0)
    expect(estimate).toBeLessThan(60)
    events.length = 0
    await open(source, { onProgress })
    expect(events).toMatchObject([{ phase: 'cached', loadedBytes: 400_000, totalBytes: 400_000 }])
  })

  it('works offline from the cache, and is told what is not there', async () => {
    await open(`${server.url}tiny/`)
    server.asked()
    const file = await open(`${server.url}tiny/`, { offline: true })
    expect(await file.get('b')?.read()).toEqual(new Float32Array([6, 7]))
    const { code, message } = await failure(open(serveBig(), { offline: true }))
    expect(code).toBe('OFFLINE')
    expect(message).toContain('big/model.json is not in the cache')
    vi.stubEnv('CNNKIT_OFFLINE', '1')
    vi.stubEnv('CNNKIT_CACHE', cacheDir)
    expect((await openWeights(`${server.url}tiny/`)).tensors).toHaveLength(2)
    expect((await failure(openWeights(serveBig()))).code).toBe('OFFLINE')
    vi.unstubAllEnvs()
    expect(server.asked()).toEqual([])
  })

  it('gets the cached file when the server is gone', async () => {
    const other = await startServer()
    for (const [path, file] of server.files) other.files.set(path, file)
    await open(`${other.url}tiny/`)
    await other.close()
    const file = await open(`${other.url}tiny/`, { retries: 0 })
    expect(await file.get('b')?.read()).toEqual(new Float32Array([6, 7]))
    const { code } = await failure(open(`${other.url}tiny/`, { retries: 0, cacheDir: await temporaryFolder() }))
    expect(code).toBe('NETWORK')
  })

  it('gets from the next source what the first does not have', async () => {
    const file = await open([
      `${server.url}none/model.json`,
      { kind: 'path', path: 'none' },
      `${server.url}tiny/model.json`,
    ])
    expect(file.source).toBe(`${server.url}tiny/model.json`)
    const { code, message } = await failure(open([`${server.url}none/model.json`, 'none']))
    expect(code).toBe('NO_SOURCE')
    expect(message).toMatch(/1\. http.*none\/model\.json is not there \(HTTP 404\).*\n2\. .*none does not exist/)
  })

  it('is told when the cache cannot be written', async () => {
    const blocked = join(cacheDir, 'file')
    await writeFile(blocked, '')
    const { code, message } = await failure(open(`${server.url}tiny/`, { cacheDir: join(blocked, 'below') }))
    expect(code).toBe('CACHE_UNWRITABLE')
    expect(message).toContain('CNNKIT_CACHE')
  })

  it('finds a cached file again that was truncated, and fetches it', async () => {
    await open(serveBig())
    const folder = join(cacheDir, 'url', (await readdir(join(cacheDir, 'url')))[0] as string)
    await writeFile(join(folder, 'big.bin'), big.subarray(0, 1000))
    expect(await (await open(serveBig())).get('x')?.read()).toEqual(values)
    expect(new Uint8Array(await readFile(join(folder, 'big.bin')))).toEqual(big)
  })
})

describe('several processes', () => {
  const sum = values.reduce((total, value) => total + value, 0)

  it('that fetch the same at once both get it', async () => {
    const run = await opener()
    const source = serveBig({ rate: 2_000_000 })
    const both = await Promise.all([run(source, { cacheDir }).result, run(source, { cacheDir }).result])
    expect(both.map((result) => result.sum)).toEqual([sum, sum])
    expect(await filesIn(join(cacheDir, 'partial'))).toEqual([])
    expect((await run(source, { cacheDir, offline: true }).result).phases).toEqual(['cached'])
  })

  it('take over what a killed one has left', async () => {
    const run = await opener()
    const source = serveBig({ rate: 200_000 })
    const { child, result } = run(source, { cacheDir })
    await vi.waitFor(async () => expect(await partialSize()).toBeGreaterThan(60_000), { timeout: 20_000, interval: 20 })
    child.kill('SIGKILL')
    await result.catch(() => undefined)
    server.asked()
    expect((await run(serveBig(), { cacheDir }).result).sum).toBe(sum)
    expect(Number(server.seen.at(-1)?.range?.match(/\d+/)?.[0])).toBeGreaterThan(60_000)
  })

  it('leave nothing for ever: what nobody has gone on with for a month is deleted', async () => {
    const folder = join(cacheDir, 'partial')
    await mkdir(folder, { recursive: true })
    for (const [name, days] of [
      ['old-net.free.0123abcd.part', 31],
      ['new-net.free.0123abcd.part', 29],
    ] as const) {
      await writeFile(join(folder, name), 'bytes')
      const then = new Date(Date.now() - days * 24 * 3600_000)
      await utimes(join(folder, name), then, then)
    }
    await open(`${server.url}tiny/`)
    expect(await filesIn(folder)).toEqual(['new-net.free.0123abcd.part'])
  })

  async function partialSize(): Promise<number> {
    const name = (await partials()).find((each) => each.startsWith('big'))
    return name === undefined ? 0 : (await readFile(join(cacheDir, 'partial', name))).length
  }
})
