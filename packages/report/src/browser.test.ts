import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findChromium } from '@cnnkit/testing/chromium'
import axe from 'axe-core'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds, pixel, sampleMatrix, sampleReport } from '../fixtures/sample.ts'
import { type Report, renderReport } from './index.ts'

const executablePath = findChromium()
const folder = mkdtempSync(join(tmpdir(), 'cnnkit-report-'))
const long = 'a-name-without-any-space-'.repeat(8)
const sample = sampleReport(
  Array.from({ length: 10 }, (_, index) => ({
    id: `${long}${index}.jpg`,
    truth: kinds[index % 5] ?? '',
    picture: pixel,
    map: pixel,
  })),
)
const wide = Array.from({ length: 20 }, (_, index) => `${long} ${index}`)
const pages: Record<string, Report> = {
  sample,
  wide: {
    title: long,
    description: long,
    facts: [{ label: long, value: long }],
    runs: [{ name: long, accuracy: 0.5, interval: [0.4, 0.6], total: 100, confusion: sampleMatrix(wide, 10, 7) }],
  },
}

describe.skipIf(!executablePath)('in Chromium', () => {
  let browser: Browser
  const said: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
    for (const [name, report] of Object.entries(pages))
      writeFileSync(join(folder, `${name}.html`), await renderReport(report))
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(name: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    said.length = 0
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) said.push(`requested ${request.url()}`)
    })
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href)
    return page
  }

  const views = Object.keys(pages).flatMap((name) => [400, 1280].map((width) => ({ name, width })))

  it.each(views)('shows $name at $width pixels from a file, without a word on the console', async ({ name, width }) => {
    const page = await open(name, width, 'light')
    expect(await page.evaluate(() => document.querySelectorAll('main svg[role=img]').length)).toBeGreaterThan(0)
    expect(await page.evaluate(() => [...document.images].every((image) => image.naturalWidth > 0))).toBe(true)
    expect(said).toEqual([])
    await page.close()
  })

  it.each(views)(
    'does not scroll sideways in $name at $width pixels, with every fold open',
    async ({ name, width }) => {
      const page = await open(name, width, 'light')
      const beyond = await page.evaluate(() => {
        for (const fold of document.querySelectorAll('details')) fold.open = true
        return document.documentElement.scrollWidth - window.innerWidth
      })
      expect(beyond).toBeLessThanOrEqual(0)
      await page.close()
    },
  )

  it.each(['light', 'dark'] as const)('is accessible in %s, contrasts included', async (scheme) => {
    const page = await browser.newPage({ colorScheme: scheme, bypassCSP: true })
    await page.goto(pathToFileURL(join(folder, 'sample.html')).href)
    await page.evaluate(axe.source)
    const violations = await page.evaluate(async () => {
      for (const fold of document.querySelectorAll('details')) fold.open = true
      const { axe } = window as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    })
    expect(violations).toEqual([])
    await page.close()
  })

  it('is dark where the reader prefers it, and light on paper', async () => {
    const page = await open('sample', 1280, 'dark')
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await ground()).toBe('rgb(21, 24, 27)')
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await ground()).toBe('rgb(255, 255, 255)')
    await page.close()
  })

  it('draws in the page itself when it is bundled for browsers, and leaves nothing in it', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: "export * from './index.ts'",
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      globalName: 'report',
      conditions: ['@cnnkit/source'],
    })
    const page = await browser.newPage()
    await page.setContent('<!DOCTYPE html><title>empty</title>')
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' })
    const drawn = await page.evaluate(async (given) => {
      const { report } = window as unknown as { report: typeof import('./index.ts') }
      const text = await report.renderReport(given)
      const svg = await report.confusionSvg({
        classes: ['<a>', 'b'],
        counts: [
          [1, 2],
          [3, 4],
        ],
      })
      const read = new DOMParser()
      return {
        charts: read.parseFromString(text, 'text/html').querySelectorAll('svg[role=img]').length,
        root: read.parseFromString(svg, 'image/svg+xml').documentElement.nodeName,
        left: document.body.children.length,
      }
    }, sample)
    const inNode = (await renderReport(sample)).match(/<svg[^>]*role="img"/g)?.length
    expect(drawn).toEqual({ charts: inNode, root: 'svg', left: 0 })
    await page.close()
  })
})
