import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import { type ServedPage, servePage } from '@cnnkit/testing/page'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const binaries = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))

let browser: Browser | undefined
let page: ServedPage

beforeAll(async () => {
  browser = await startChromium()
  page = await servePage(fileURLToPath(new URL('./testing/page.ts', import.meta.url)), {
    files: { '/wasm/': binaries },
  })
})

afterAll(async () => {
  await browser?.close()
  page.close()
})

interface Result {
  readonly report: { readonly threads: number; readonly details: Record<string, string> }
  readonly losses: number[]
  readonly code?: string
  readonly message?: string
}

/** What the page says in a browser that says it has so many cores. */
async function open(query: string, cores = 4): Promise<Result> {
  const context = await browser!.newContext()
  try {
    await context.addInitScript((value) => Object.defineProperty(navigator, 'hardwareConcurrency', { value }), cores)
    return (await page.open(context, query)) as Result
  } finally {
    await context.close()
  }
}

it('the entry for browsers has nothing of Node in it, and the same exports', async () => {
  expect(page.script).not.toMatch(/["']node:/)
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
  ] as const)('trains on our own kernels as on stock ones where the page is %s', async ([kind, threads], { skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const query = kind === 'isolated' ? 'isolated&' : ''
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
