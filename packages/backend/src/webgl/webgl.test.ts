import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, type TestBrowser } from '../testing/browser.ts'
import { webgl } from './index.ts'

let browser: TestBrowser | undefined
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe('webgl in Node', () => {
  it('says that only browsers have it, and what to take', async () => {
    expect(await webgl().probe()).toMatch(/^Only browsers have WebGL\. .*webgpu\(\) .*wasm\(\)/)
    await expect(webgl().start()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('webgl in Chromium', () => {
  beforeEach(({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
  })

  it('has nothing of Node in what a page loads', () => {
    expect(/(?:from|import\(|require\()\s*["']node:/.test(browser!.script)).toBe(false)
  })

  it('refuses a renderer on the CPU unless it is allowed, and says which', async () => {
    const reason = await browser!.run('probe', 'refuse')
    expect(reason).toMatch(/drawn by the CPU here \(.*SwiftShader.*\), .*wasm\(\).*webgl\(\{ software: 'allow' \}\)/)
    expect(await browser!.run('probe', 'allow')).toBeUndefined()
    const { report, skipped } = await browser!.run('select')
    expect(report.backend).toBe('cpu')
    expect(skipped).toEqual([{ name: 'webgl', reason }])
  })

  it('passes the self-test and says what runs where', async () => {
    const { report, backend, left } = await browser!.run('start')
    expect({ backend, left }).toEqual({ backend: 'webgl', left: 0 })
    expect(report).toMatchObject({
      backend: 'webgl',
      device: expect.stringContaining('SwiftShader'),
      driver: 'SwiftShader driver',
      precision: 32,
      details: {
        version: expect.stringContaining('WebGL 2.0'),
        textures: 'float32, at most 8192 x 8192',
        note: 'Drawn by the CPU: for tests only.',
      },
    })
  })

  it('says that a lost context is lost, in kernels and in reads that were under way, and starts anew', async () => {
    const { read, ran, losses, report, again } = await browser!.run('lose')
    expect([read, ran]).toEqual(['DEVICE_LOST', 'DEVICE_LOST'])
    expect(losses).toHaveLength(1)
    expect(report.backend).toBe('webgl')
    expect(again).toBe(2)
  })

  it('trains a network as the cpu backend does', async () => {
    const { output, map, gradient } = await browser!.run('compare', 'mobilenet_v1_025', 32)
    expect(output).toBeLessThan(1e-4)
    expect(map).toBeLessThan(1e-3)
    expect(gradient).toBeLessThan(1e-2)
    expect(await browser!.run('canTrain', 'mobilenet_v1_025', 32)).toEqual({
      backend: 'webgl',
      infer: true,
      train: true,
      map: true,
      missing: [],
    })
  }, 240_000)

  it('says that results are coarse where textures hold half floats, and passes by what these keep', async () => {
    const { report, exact } = await browser!.run('half')
    expect(report.precision).toBe(16)
    expect(report.details.note).toMatch(/half floats: results are right to 1e-2/)
    expect(exact).toBe('SELF_TEST_FAILED')
  })
})

describe('doctor in Chromium', () => {
  it('says what the page may do, and what it lacks', async ({ skip }) => {
    if (browser === undefined) skip('no Chromium found')
    const { runtime, machine, backends, findings } = await browser!.run('doctor')
    expect(runtime).toMatch(/Chrome\/\d+/)
    expect(machine.cores).toBeGreaterThan(0)
    expect(backends.map(({ name, works }) => [name, works])).toEqual([
      ['webgl', true],
      ['cpu', true],
    ])
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        what: expect.stringContaining('not cross-origin isolated'),
        remedy: expect.stringContaining('Cross-Origin-Embedder-Policy'),
      },
    ])
  })
})
