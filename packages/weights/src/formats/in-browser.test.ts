import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import reference from '../golden/torch.json' with { type: 'json' }
import type * as api from '../index.browser.ts'
import { openWeights } from '../index.node.ts'
import { startServer, type TestServer } from '../testing/server.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const golden = (name: string): Promise<Buffer> => readFile(fileURLToPath(new URL(`../golden/${name}`, import.meta.url)))

let server: TestServer
let browser: Browser | undefined
let page: Page

beforeAll(async () => {
  browser = await startChromium()
  server = await startServer()
})
afterAll(async () => {
  await browser?.close()
  await server.close()
})

async function program(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "import * as weights from '@cnnkit/weights'; globalThis.weights = weights", resolveDir: here },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cnnkit/source', 'browser'],
    write: false,
  })
  return outputFiles[0]?.text as string
}

describe('in Chromium', () => {
  beforeEach(async (context) => {
    if (browser === undefined) return context.skip('no Chromium on this machine (CHROMIUM_PATH names one)')
    server.serve('', '<!doctype html><script type=module src=script.js></script>', {
      headers: { 'content-type': 'text/html' },
    })
    server.serve('script.js', await program(), { headers: { 'content-type': 'text/javascript' } })
    const session = await browser.newContext()
    context.onTestFinished(() => session.close())
    page = await session.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'weights' in globalThis)
  })

  it.each([
    'torch-net.pth',
    'torch-net-deflated.pth',
    'torch-net-zip64.pth',
    'torch-views-legacy.pth',
    'torch-checkpoint.pth',
  ] as const)('%s is read from a server, out of the cache', async (name) => {
    server.serve(name, await golden(name))
    const values = await page.evaluate(async (name) => {
      const { openWeights } = (globalThis as unknown as { weights: typeof api }).weights
      const file = await openWeights(name)
      return Promise.all(file.tensors.map(async (tensor) => [tensor.name, Array.from(await tensor.read())]))
    }, name)
    expect(values).toEqual(reference.files[name].map(({ name, values }) => [name, values]))
  })

  it.each(['keras2.h5', 'keras2-packed.h5', 'keras3.weights.h5', 'keras3.keras', 'tiny.onnx', 'tiny-external.onnx'])(
    '%s is read from a server, out of the cache, as in Node',
    async (name) => {
      server.serve(name, await golden(name))
      server.serve('tiny-external.data', await golden('tiny-external.data'))
      const values = await page.evaluate(async (name) => {
        const { openWeights } = (globalThis as unknown as { weights: typeof api }).weights
        const file = await openWeights(name)
        return Promise.all(file.tensors.map(async (tensor) => [tensor.name, Array.from(await tensor.read())]))
      }, name)
      const { tensors } = await openWeights(fileURLToPath(new URL(`../golden/${name}`, import.meta.url)))
      expect(values).toEqual(
        await Promise.all(tensors.map(async (tensor) => [tensor.name, Array.from(await tensor.read())])),
      )
    },
  )

  it('Keras weights are written and read again', async () => {
    server.serve('keras2.h5', await golden('keras2.h5'))
    const [before, after] = await page.evaluate(async () => {
      const { openWeights, kerasH5Bytes } = (globalThis as unknown as { weights: typeof api }).weights
      const original = await openWeights('keras2.h5')
      const pieces: BlobPart[] = []
      for await (const piece of kerasH5Bytes(original.tensors)) pieces.push(piece)
      const written = await openWeights({ kind: 'files', files: { 'w.h5': new Blob(pieces) }, path: 'w.h5' })
      const read = (file: api.WeightFile) =>
        Promise.all(file.tensors.map(async ({ name, shape, read }) => [name, shape, Array.from(await read())]))
      return [await read(original), await read(written)]
    })
    expect(after).toEqual(before)
    expect(after).toHaveLength(24)
  })

  it('a file is converted, and what is written is read again', async () => {
    server.serve('written.safetensors', await golden('written.safetensors'))
    const same = await page.evaluate(async () => {
      const { openWeights, safetensorsBytes, torchBytes } = (globalThis as unknown as { weights: typeof api }).weights
      const blobOf = async (pieces: AsyncIterable<BlobPart>) => {
        const all: BlobPart[] = []
        for await (const piece of pieces) all.push(piece)
        return new Blob(all)
      }
      const original = await openWeights('written.safetensors')
      const files = {
        torch: await blobOf(torchBytes(original.tensors)),
        safe: await blobOf(safetensorsBytes(original.tensors)),
      }
      const results: string[] = []
      for (const path of ['torch', 'safe']) {
        const file = await openWeights({ kind: 'files', files, path })
        for (const { name, read } of original.tensors) {
          const [before, after] = [await read(), await file.get(name)?.read()]
          if (`${before}` !== `${after}`) results.push(`${path}: ${name}`)
        }
        results.push(`${file.format} ${file.tensors.length}`)
      }
      return results
    })
    expect(same).toEqual(['torch 15', 'safetensors 15'])
  })
})
