import { fileURLToPath } from 'node:url'
import { softwareWebgpu, startChromium } from '@cnnkit/testing/chromium'
import { type ServedPage, servePage } from '@cnnkit/testing/page'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let browser: Browser | undefined
let plain: Browser | undefined
let page: ServedPage

beforeAll(async () => {
  browser = await startChromium(softwareWebgpu)
  plain = await startChromium(['--disable-gpu', '--disable-features=WebGPU'])
  page = await servePage(fileURLToPath(new URL('./testing/page.ts', import.meta.url)))
})

afterAll(async () => {
  await browser?.close()
  await plain?.close()
  page.close()
})

it('the entry for browsers has nothing of Node in it, and the same exports', async () => {
  expect(page.script).not.toMatch(/["']node:/)
  expect(Object.keys(await import('./index.browser.ts'))).toEqual(Object.keys(await import('./index.ts')))
})

describe('in Chromium', { timeout: 200_000 }, () => {
  const open = async (task: string, skip: (reason: string) => never): Promise<Record<string, never>> => {
    if (browser === undefined) skip('no Chromium found')
    const result = (await page.open(browser!, `task=${task}`)) as Record<string, never>
    if ((result as { code?: string }).code === 'UNAVAILABLE' && task !== 'refuse') skip('Chromium without WebGPU')
    return result
  }

  it('passes the self-test and trains, and says what on', async ({ skip }) => {
    const result = await open('train', skip)
    expect(result).toMatchObject({
      backend: 'webgpu',
      report: { backend: 'webgpu', details: { software: 'yes', runtime: expect.stringMatching(/^Chrome\//) } },
    })
    const [first, second] = result.losses as unknown as [number, number]
    expect(second).toBeLessThan(first)
  })

  it('refuses to compute on the CPU', async ({ skip }) => {
    const { code, message } = await open('refuse', skip)
    expect(code).toBe('UNAVAILABLE')
    expect(message).toMatch(/computes on the CPU|No GPU that WebGPU can use/)
  })

  it('compiles shaders ahead, once', async ({ skip }) => {
    const [first, second] = (await open('warm', skip)) as unknown as { shaders: number }[]
    expect(first!.shaders).toBeGreaterThan(5)
    expect(second!.shaders).toBe(0)
  })

  it('tells of a lost GPU and starts again', async ({ skip }) => {
    expect(await open('lose', skip)).toMatchObject({
      reason: { reason: 'destroyed' },
      again: { backend: 'webgpu' },
      one: 1,
    })
  })

  it('without WebGPU says what to do', async ({ skip }) => {
    if (plain === undefined) skip('no Chromium found')
    const { code, message } = (await page.open(plain!, 'task=train')) as { code: string; message: string }
    expect(code).toBe('UNAVAILABLE')
    expect(message).toMatch(/has no WebGPU|No GPU that WebGPU can use/)
  })
})
