import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { build as viteBuild } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type * as api from './index.browser.ts'
import { startChromium } from './testing/chromium.ts'
import { noise, pinned, sha256, shared, temporaryFolder, tiny } from './testing/model.ts'
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
    expect(code).not.toMatch(/node:|require\(|process\.env/)
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
        try {
          const file = await openWeights(source as string, {
            ...options,
            onProgress: (event) => void events.push(event),
          })
          const values = await Promise.all(file.tensors.map(async (tensor) => Array.from(await tensor.read())))
          return { values, events, source: file.source, code: '', message: '' }
        } catch (error) {
          const { code, message } = error as Error & { code: string }
          return { values: [], events, source: '', code, message }
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
