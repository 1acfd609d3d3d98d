import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const binaries = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
  'dist',
)

let browser: Browser | undefined
let server: Server
let script: string

beforeAll(async () => {
  browser = await startChromium()
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./testing/page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source', 'browser'],
    write: false,
  })
  script = outputFiles[0]!.text
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    const headers = searchParams.has('isolated') || pathname !== '/' ? isolation : {}
    const answer = (type: string, body: string | Buffer): void => {
      response.writeHead(200, { 'Content-Type': type, ...headers }).end(body)
    }
    if (pathname === '/') answer('text/html', '<script type="module" src="/script.js"></script>')
    else if (pathname === '/script.js') answer('text/javascript', script)
    else if (pathname.startsWith('/wasm/')) {
      readFile(path.join(binaries, path.basename(pathname))).then(
        (body) => answer('application/wasm', body),
        () => response.writeHead(404).end(),
      )
    } else response.writeHead(404).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})

afterAll(async () => {
  await browser?.close()
  server.close()
})

interface Result {
  readonly report: { readonly threads: number; readonly details: Record<string, string> }
  readonly losses: number[]
  readonly code?: string
  readonly message?: string
}

/** Opens the page in a browser that says it has so many cores. */
async function open(query: string, cores = 4): Promise<Result> {
  const page = await browser!.newPage()
  try {
    await page.addInitScript((value) => Object.defineProperty(navigator, 'hardwareConcurrency', { value }), cores)
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?${query}`)
    await page.waitForFunction(() => 'result' in globalThis, undefined, { timeout: 50_000 })
    return (await page.evaluate(() => (globalThis as unknown as { result: unknown }).result)) as Result
  } finally {
    await page.close()
  }
}

it('the entry for browsers has nothing of Node in it, and the same exports', async () => {
  expect(script).not.toMatch(/["']node:/)
  expect(Object.keys(await import('./index.browser.ts'))).toEqual(Object.keys(await import('./index.ts')))
})

describe('in Chromium', () => {
  it('trains, on one thread and saying why, where the page is not cross-origin isolated', async ({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const { report, losses } = await open('threads=2')
    expect(report).toMatchObject({ threads: 1, details: { module: 'tfjs-backend-wasm-simd.wasm' } })
    expect(report.details.note).toMatch(/Cross-Origin-Embedder-Policy/)
    expect(losses[1]!).toBeLessThan(losses[0]!)
  })

  it('trains on half the cores where it is', async ({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const { report, losses } = await open('isolated', 4)
    expect(report).toMatchObject({ threads: 2, details: { module: 'tfjs-backend-wasm-threaded-simd.wasm' } })
    expect(report.details.note).toBeUndefined()
    expect(losses[1]!).toBeLessThan(losses[0]!)
  })

  it.for([
    ['isolated', 2],
    ['not isolated', 1],
  ] as const)('trains on our own kernels as on stock ones where the page is %s', async ([page, threads], { skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const query = page === 'isolated' ? 'isolated&' : ''
    const stock = await open(`${query}kernels=stock`)
    const own = await open(`${query}kernels=own`)
    expect(own.report).toMatchObject({ threads, details: { kernels: 'own, relaxed SIMD' } })
    expect(stock.report).toMatchObject({ threads, details: { kernels: 'stock' } })
    for (const [i, loss] of stock.losses.entries()) expect(own.losses[i]).toBeCloseTo(loss, 5)
  })

  it('takes as many threads as it is told to on our own kernels', async ({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const { report, losses } = await open('isolated&threads=2', 2)
    expect(report.threads).toBe(2)
    expect(report.details.note).toBeUndefined()
    expect(losses[1]!).toBeLessThan(losses[0]!)
  })

  it('says that TensorFlow.js’ kernels take no more than half', async ({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const { report } = await open('isolated&threads=2&kernels=stock', 2)
    expect(report.threads).toBe(1)
    expect(report.details.note).toMatch(/1 of 2 threads.*half of the 2 cores/)
  })

  it('says what to do where the binaries are not found', async ({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const { code, message } = await open('paths=/nowhere/')
    expect(code).toBe('START_FAILED')
    expect(message).toMatch(/wasmPaths/)
  })
})
