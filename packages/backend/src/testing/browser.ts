import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../images/src/testing/browser.ts'
import type { Cases } from './page.ts'

type Answer<Name extends keyof Cases> = Promise<Awaited<ReturnType<Cases[Name]>>>

/** Headless Chromium that draws WebGL by the CPU, where there is no GPU, and opens pages with our cases. */
export interface TestBrowser {
  /** Runs a case in a page of its own. */
  run<Name extends keyof Cases>(name: Name, ...given: Parameters<Cases[Name]>): Answer<Name>
  /** A page that stays, for cases that follow one another. */
  page(): Promise<Page>
  readonly script: string
  close(): Promise<void>
}

/** Undefined where there is no Chromium. */
export async function openBrowser(): Promise<TestBrowser | undefined> {
  const executablePath = findChromium()
  if (executablePath === undefined) return undefined
  const script = await bundle()
  const server = await serve(script)
  const args = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
  const browser: Browser = await chromium.launch({ executablePath, args })
  const page = async (): Promise<Page> => {
    const opened = await browser.newPage()
    await opened.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await opened.waitForFunction(() => 'cases' in globalThis)
    return opened
  }
  return {
    run: async <Name extends keyof Cases>(name: Name, ...given: Parameters<Cases[Name]>): Answer<Name> => {
      const opened = await page()
      try {
        return (await runIn(opened, name, ...given)) as Awaited<Answer<Name>>
      } finally {
        await opened.close()
      }
    },
    page,
    script,
    close: async () => {
      await browser.close()
      server.close()
    },
  }
}

/** Runs a case in a page. */
export function runIn<Name extends keyof Cases>(
  page: Page,
  name: Name,
  ...given: Parameters<Cases[Name]>
): Answer<Name> {
  return page.evaluate(
    ([name, given]) =>
      (globalThis as unknown as { cases: Record<string, (...given: unknown[]) => unknown> }).cases[name]!(...given),
    [name, given] as const,
  ) as Answer<Name>
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source', 'browser'],
    write: false,
  })
  return outputFiles[0]!.text
}

async function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === '/script.js'
        ? ['text/javascript', script]
        : ['text/html', '<!doctype html><script type="module" src="/script.js"></script>']
    response.writeHead(200, { 'Content-Type': type }).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}
