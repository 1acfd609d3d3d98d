import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { softwareWebgpu, startChromium } from '@cnnkit/testing/chromium'
import { servePage } from '@cnnkit/testing/page'
import type { Page } from 'playwright-core'
import type { PageDoor } from '../page/page.ts'
import type { OpenPlace } from './place.ts'

const origin = 'http://localhost'
const binaries = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
  'dist',
)

type Door = { readonly conformance: PageDoor }

/** Why no page can be opened here. */
export async function whyNoPage(): Promise<string | undefined> {
  const browser = await startChromium()
  await browser?.close()
  return browser === undefined ? 'no Chromium was found: set CHROMIUM_PATH' : undefined
}

/** A backend in a page of headless Chromium, with WebGL and WebGPU by SwiftShader where there is no GPU. */
export async function openPage(backend: 'wasm' | 'webgl' | 'webgpu'): Promise<OpenPlace> {
  const browser = await startChromium([...softwareWebgpu, '--enable-unsafe-swiftshader'])
  if (browser === undefined) throw new Error('No Chromium was found: set CHROMIUM_PATH.')
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    await route(page)
    await page.goto(`${origin}/`)
    await page.waitForFunction(() => 'conformance' in globalThis, undefined, { timeout: 60_000 })
    const report = await page.evaluate((name) => (globalThis as unknown as Door).conformance.start(name), backend)
    const version = browser.version()
    return {
      report: { ...report, details: { ...report.details, chromium: version } },
      replay: async (lines) =>
        page.evaluate((given) => (globalThis as unknown as Door).conformance.replay(given), [...lines]),
      network: async (form, manner) =>
        page.evaluate(([form, manner]) => (globalThis as unknown as Door).conformance.network(form, manner), [
          form,
          manner,
        ] as const),
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/** No server: what the page asks for is answered here. */
async function route(page: Page): Promise<void> {
  const { script, close } = await servePage(fileURLToPath(new URL('../page/page.ts', import.meta.url)))
  close()
  await page.route(`${origin}/**`, async (asked) => {
    const { pathname } = new URL(asked.request().url())
    if (pathname === '/script.js') return asked.fulfill({ contentType: 'text/javascript', body: script })
    if (pathname.endsWith('.wasm')) {
      const body = await readFile(path.join(binaries, path.basename(pathname)))
      return asked.fulfill({ contentType: 'application/wasm', body })
    }
    return asked.fulfill({ contentType: 'text/html', body: '<script type="module" src="/script.js"></script>' })
  })
}
