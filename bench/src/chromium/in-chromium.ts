import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import type { ModelName } from '@cnnkit/zoo'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { onnxPath } from '../networks/onnx-files.ts'
import { type Form, topologyPath } from '../networks/topology.ts'
import type { Subject, Usage } from '../row.ts'
import type { BenchDoor } from './page.ts'

/** A forward pass in a page. */
export interface InPage {
  /** By whom. */
  readonly contender: 'cnnkit' | 'tfjs' | 'onnxruntime-web'
  readonly network: ModelName
  readonly form: Form
  readonly batch: number
  readonly threads: number
}

/** What the page is asked for: with the addresses of what it fetches. */
export interface Asked extends InPage {
  readonly topology: string
  readonly onnx: string
}

type Door = { readonly bench: BenchDoor }

/** Files are read as the page asks for them. */
const folders: Readonly<Record<string, string>> = {
  '/tfjs/': folderOf('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'),
  '/ort/': folderOf('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
}

/** A contender in a page of headless Chromium that is cross-origin isolated, as threads need it. Each run is asked for from outside, which takes a millisecond at most. */
export async function inChromium(work: InPage): Promise<Subject> {
  const browser = await startChromium()
  if (browser === undefined) throw new Error('No Chromium was found: set CHROMIUM_PATH.')
  const server = await serve(await bundle(), {
    '/topology.json': topologyPath(work.network, work.form),
    '/network.onnx': onnxPath(work.network),
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(0)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'bench' in globalThis)
  const asked = { ...work, topology: '/topology.json', onnx: '/network.onnx' }
  const threads = await page.evaluate((given) => (globalThis as unknown as Door).bench.open(given), asked)
  process.once('exit', () => void browser.close())
  return {
    threads,
    run: () => page.evaluate(() => (globalThis as unknown as Door).bench.run()),
    output: () => page.evaluate(() => (globalThis as unknown as Door).bench.output()),
    elsewhere: () => usageOf(browser),
  }
}

/** Once for each process, from the sources: a page has no modules by name. */
async function bundle(): Promise<string> {
  const built = import.meta.url.endsWith('.js')
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(built ? '../src/chromium/page.ts' : './page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source', 'browser', 'onnxruntime-web-use-extern-wasm'],
    write: false,
  })
  return outputFiles[0]!.text
}

async function serve(script: string, files: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const answer = (type: string, body: string | Buffer): void => {
      const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
      response.writeHead(200, { 'Content-Type': type, ...isolation }).end(body)
    }
    if (pathname === '/') return answer('text/html', '<script type="module" src="/script.js"></script>')
    if (pathname === '/script.js') return answer('text/javascript', script)
    const folder = Object.keys(folders).find((prefix) => pathname.startsWith(prefix))
    const file = files[pathname] ?? (folder && path.join(folders[folder]!, path.basename(pathname)))
    if (file === undefined) return response.writeHead(404).end()
    readFile(file).then(
      (body) => answer(types[path.extname(file)] ?? 'application/octet-stream', body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  server.unref()
  return server
}

const types: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.mjs': 'text/javascript',
  '.js': 'text/javascript',
  '.json': 'application/json',
}

function folderOf(file: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(file))
}

/** Of the process that the page runs in, with its workers. */
async function usageOf(browser: Browser): Promise<Usage> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const pages = processInfo.filter(({ type }) => type === 'renderer')
  const peaks = await Promise.all(pages.map(({ id }) => peakOf(id)))
  return {
    cpuMilliseconds: 1000 * pages.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    peakMiB: Math.max(...peaks),
  }
}

/** Largest resident memory of a process as Linux tells it, in MiB; 0 elsewhere. */
async function peakOf(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}
