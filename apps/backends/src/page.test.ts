import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { softwareWebgpu, startChromium } from '@cnnkit/testing/chromium'
import type { Browser } from 'playwright-core'
import { build, type InlineConfig, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lacking, Ran } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = path.join(root, 'dist/page-test')
const site: InlineConfig = {
  root,
  logLevel: 'error',
  build: { outDir, emptyOutDir: true },
  preview: { port: 0, host: '127.0.0.1' },
}

let browser: Browser | undefined
let server: PreviewServer | undefined

beforeAll(async () => {
  browser = await startChromium(softwareWebgpu)
  if (browser === undefined) return
  await build(site)
  server = await preview(site)
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(outDir, { recursive: true, force: true })
})

async function outcomesOf(query: string): Promise<(Ran | Lacking)[]> {
  const page = await browser!.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  try {
    await page.goto(`${server!.resolvedUrls!.local[0]}${query}`)
    await page
      .waitForFunction(() => 'outcomes' in globalThis, undefined, { timeout: 30_000 })
      .catch((error: Error) => Promise.reject(new Error(`${error.message}\n${faults.join('\n')}`)))
    const outcomes = await page.evaluate(async () => {
      const all = await (globalThis as unknown as { outcomes: Promise<(Ran | Lacking)[]> }).outcomes
      return all.map((outcome) => ({ ...outcome, map: undefined }))
    })
    await page.screenshot({ path: path.join(root, '../../out/backends-page.png'), fullPage: true })
    return outcomes as unknown as (Ran | Lacking)[]
  } finally {
    await page.close()
  }
}

it('runs the same on wasm, WebGL and WebGPU in Chromium', async ({ skip }) => {
  if (browser === undefined) skip('There is no Chromium.')
  const outcomes = await outcomesOf('?software&photographs=4')
  expect(outcomes.map((outcome) => ('reason' in outcome ? outcome : outcome.name))).toEqual(['webgpu', 'webgl', 'wasm'])
  const [reference] = (outcomes as Ran[]).filter(({ name }) => name === 'wasm')
  for (const { predictions, losses } of outcomes as Ran[]) {
    expect(predictions[0]!.name).toBe('daisy')
    expect(predictions[0]!.probability).toBeCloseTo(reference!.predictions[0]!.probability, 3)
    expect(Math.abs(losses.at(-1)! - reference!.losses.at(-1)!)).toBeLessThan(0.01 * reference!.losses[0]!)
  }
}, 600_000)

it('passes over GPUs that are made of software, and says why', async ({ skip }) => {
  if (browser === undefined) skip('There is no Chromium.')
  const outcomes = await outcomesOf('?photographs=4')
  expect((outcomes.at(-1) as Ran).predictions[0]!.name).toBe('daisy')
  for (const outcome of outcomes.slice(0, -1)) expect((outcome as Lacking).reason).toMatch(/software|SwiftShader/i)
})
