import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'

/** A script that is served in a page of its own. */
export interface ServedPage {
  /** The script as it is bundled for browsers. */
  readonly script: string
  /** Where the page is. With `?isolated` it is cross-origin isolated, as threads of wasm need it. */
  readonly address: string
  /** Opens the page, waits until the script has set `globalThis.result`, and returns that. */
  open(browser: { newPage(): Promise<Page> }, query?: string): Promise<unknown>
  /** Stops serving. */
  close(): void
}

/** What a page has beside its script. */
export interface PageOptions {
  /** Files of this machine by their path in the page; a path that ends in a slash stands for all files of a folder. They are read as the page asks for them. */
  readonly files?: Readonly<Record<string, string>>
  /** By which conditions packages are bundled, besides a browser's. */
  readonly conditions?: readonly string[]
}

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const types: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
}

/** Bundles a script with the sources of the house, as an app's bundler would, and serves it to pages of this machine. */
export async function servePage(entry: string, { files = {}, conditions = [] }: PageOptions = {}): Promise<ServedPage> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source', 'browser', ...conditions],
    write: false,
  })
  const script = outputFiles[0]!.text
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    const headers = searchParams.has('isolated') || pathname !== '/' ? isolation : {}
    const answer = (type: string, body: string | Buffer): void => {
      response.writeHead(200, { 'Content-Type': type, ...headers }).end(body)
    }
    if (pathname === '/') return answer('text/html', '<script type="module" src="/script.js"></script>')
    if (pathname === '/script.js') return answer('text/javascript', script)
    const folder = files[pathname.slice(0, pathname.lastIndexOf('/') + 1)]
    const file = files[pathname] ?? (folder && path.join(folder, path.basename(pathname)))
    if (file === undefined) return response.writeHead(404).end()
    readFile(file).then(
      (body) => answer(types[path.extname(file)] ?? 'application/octet-stream', body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  // A page that is left open does not keep its process.
  server.unref()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const open: ServedPage['open'] = async (browser, query = '') => {
    const page = await browser.newPage()
    try {
      await page.goto(`${address}?${query}`, { timeout: 190_000 })
      await page.waitForFunction(() => 'result' in globalThis, undefined, { timeout: 190_000 })
      return await page.evaluate(() => (globalThis as unknown as { result: unknown }).result)
    } finally {
      await page.close()
    }
  }
  return { script, address, open, close: () => server.close() }
}
