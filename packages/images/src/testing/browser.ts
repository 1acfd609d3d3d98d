import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'

/** A page of headless Chromium with `images` (the browser entry) and `tfjs` on its window, and the files it may fetch. */
export interface TestPage {
  readonly page: Page
  /** Served under their names. */
  readonly files: Map<string, Uint8Array>
  readonly close: () => Promise<void>
}

/** Bundles the browser entry as an app's bundler would and opens a page that holds it. */
export async function openPage(executablePath: string): Promise<TestPage> {
  const script = await bundle()
  const files = new Map<string, Uint8Array>([
    ['/', Buffer.from('<!doctype html><script type="module" src="/script.js"></script>')],
    ['/script.js', script],
  ])
  const server = await serve(files)
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'images' in globalThis)
  const close = async (): Promise<void> => {
    await browser.close()
    server.close()
  }
  return { page, files, close }
}

async function bundle(): Promise<Uint8Array> {
  const contents = `
    import * as images from './index.browser.ts'
    import * as tfjs from '@tensorflow/tfjs-core'
    import '@tensorflow/tfjs-backend-cpu'
    Object.assign(globalThis, { images, tfjs })`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source'],
    logLevel: 'silent',
  })
  return outputFiles[0]!.contents
}

async function serve(files: ReadonlyMap<string, Uint8Array>): Promise<Server> {
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '/')
    if (request.url === '/script.js') response.setHeader('content-type', 'text/javascript')
    response.statusCode = file ? 200 : 404
    response.end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
