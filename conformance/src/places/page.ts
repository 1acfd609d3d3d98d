import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { softwareWebgpu, startChromium } from '@cnnkit/testing/chromium'
import { servePage } from '@cnnkit/testing/page'
import type { PageDoor } from '../page/page.ts'
import type { OpenPlace } from './place.ts'

const binaries = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))

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
    const entry = fileURLToPath(new URL('../page/page.ts', import.meta.url))
    const { address, close } = await servePage(entry, { files: { '/wasm/': binaries } })
    await page.goto(address)
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
      close: async () => {
        await browser.close()
        close()
      },
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}
