import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'

/** A script that is served in a page of its own. */
export interface ServedPage {
  /** The script as it is bundled for browsers. */
  readonly script: string
  /** Opens the page, waits until the script has set `globalThis.result`, and returns that. */
  open(browser: Browser, query?: string): Promise<unknown>
  /** Stops serving. */
  close(): void
}

/** Bundles a script with the sources of the house, as an app's bundler would, and serves it to pages of this machine. */
export async function servePage(entry: string): Promise<ServedPage> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source', 'browser'],
    write: false,
  })
  const script = outputFiles[0]!.text
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    if (pathname === '/script.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    else if (pathname === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<script type="module" src="/script.js"></script>')
    } else response.writeHead(404).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const open = async (browser: Browser, query = ''): Promise<unknown> => {
    const page = await browser.newPage()
    try {
      await page.goto(`http://127.0.0.1:${port}/?${query}`, { timeout: 190_000 })
      await page.waitForFunction(() => 'result' in globalThis, undefined, { timeout: 190_000 })
      return await page.evaluate(() => (globalThis as unknown as { result: unknown }).result)
    } finally {
      await page.close()
    }
  }
  return { script, open, close: () => server.close() }
}
