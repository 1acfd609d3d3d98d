import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import { servePage } from '@cnnkit/testing/page'
import type { ModelName } from '@cnnkit/zoo'
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

const built = import.meta.url.endsWith('.js')
/** It is bundled from the sources. */
const entry = fileURLToPath(new URL(built ? '../src/chromium/page.ts' : './page.ts', import.meta.url))

/** A contender in a page of headless Chromium that is cross-origin isolated, as threads need it. Each run is asked for from outside, which takes a millisecond at most. */
export async function inChromium(work: InPage): Promise<Subject> {
  const browser = await startChromium()
  if (browser === undefined) throw new Error('No Chromium was found: set CHROMIUM_PATH.')
  const { address } = await servePage(entry, {
    files: {
      '/topology.json': topologyPath(work.network, work.form),
      '/network.onnx': onnxPath(work.network),
      '/tfjs/': folderOf('@tensorflow/tfjs-backend-wasm'),
      '/ort/': folderOf('onnxruntime-web'),
    },
    conditions: ['onnxruntime-web-use-extern-wasm'],
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(0)
  await page.goto(`${address}?isolated`)
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

/** Where a package's built files lie. */
function folderOf(library: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(library))
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
