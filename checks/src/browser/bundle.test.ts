import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '@cnnkit/testing/chromium'
import { build as esbuild } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { command } from '../setup/command.ts'
import { serve } from './serve.ts'

interface PageResult {
  readonly backend: string
  readonly predictions: readonly { readonly name: string; readonly probability: number }[]
}

const cwd = inject('project')
const executablePath = findChromium()

/** Each writes a site into a folder. */
const bundlers: Readonly<Record<string, (out: string) => Promise<unknown>>> = {
  esbuild: (outdir) => {
    mkdirSync(outdir)
    writeFileSync(join(outdir, 'index.html'), '<!doctype html><script type="module" src="/page-esbuild.js"></script>')
    return esbuild({
      absWorkingDir: cwd,
      entryPoints: ['page-esbuild.ts'],
      outdir,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      loader: { '.bin': 'file', '.wasm': 'file' },
      logLevel: 'error',
    })
  },
  vite: (outDir) => vite({ root: cwd, configFile: false, logLevel: 'error', build: { outDir, emptyOutDir: true } }),
}

describe.skipIf(!executablePath)('a page that classifies', () => {
  let browser: Browser
  let expected: PageResult
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
    expected = JSON.parse(await command('node', ['classify.mjs', 'daisy.jpg'], { cwd })) as PageResult
  })
  afterAll(() => browser?.close())

  it.each(Object.keys(bundlers))('says in Chromium what Node says, bundled by %s', async (name) => {
    const site = join(cwd, `site-${name}`)
    await bundlers[name]!(site)
    copyFileSync(join(cwd, 'daisy.jpg'), join(site, 'daisy.jpg'))
    const { url, close } = await serve(site)
    try {
      const result = await inPage(browser, url)
      expect(result.backend).toBe('wasm')
      expect(result.predictions[0]?.name).toBe('daisy')
      for (const [i, { name, probability }] of result.predictions.entries()) {
        expect(name).toBe(expected.predictions[i]!.name)
        expect(probability).toBeCloseTo(expected.predictions[i]!.probability, 4)
      }
    } finally {
      close()
    }
  })

  it.each(Object.keys(bundlers))('brings nothing of Node into the bundle of %s', (name) => {
    const site = join(cwd, `site-${name}`)
    const scripts = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) {
      expect(readFileSync(join(site, script), 'utf8')).not.toMatch(/(from|import)\s*\(?['"](node:|sharp)/)
    }
  })
})

async function inPage(browser: Browser, url: string): Promise<PageResult> {
  const page = await browser.newPage()
  try {
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto(url)
    await page
      .waitForFunction(() => 'classifyInPage' in globalThis, undefined, { timeout: 30_000 })
      .catch((error: Error) => Promise.reject(new Error(`${error.message}\n${faults.join('\n')}`)))
    return await page.evaluate(() => {
      const { classifyInPage } = globalThis as unknown as { classifyInPage(url: string): Promise<PageResult> }
      return classifyInPage('daisy.jpg')
    })
  } finally {
    await page.close()
  }
}
