import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { install } from './install/install.ts'
import { silent } from './install/progress.ts'
import { readReceipt } from './install/receipt.ts'
import { status } from './install/status.ts'
import { bindingOf, locateAll, missingIn } from './locate.ts'
import { whyNoTfjsNode } from './testing/tfjs-node.ts'

const why = await whyNoTfjsNode()
if (why) process.stdout.write(`Skipped: ${why}\n`)

const project = fileURLToPath(new URL('..', import.meta.url))
// Inside the package, so that the program finds what the package depends on.
const folder = path.join(project, `node_modules/.real-install-${process.pid}`)
const program = path.join(folder, 'train-a-step.mjs')

describe.skipIf(why)('what the installer brought to this checkout', () => {
  const located = locateAll(project).find((one) => missingIn(one) === undefined)!

  beforeAll(async () => {
    await mkdir(folder, { recursive: true })
    await build({
      entryPoints: [fileURLToPath(new URL('./testing/train-a-step.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['@tensorflow/*'],
      conditions: ['@cnnkit/source'],
    })
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('starts in a new process, passes the self-test, trains, and says what it runs on', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 55_000 })
    const { report, losses, left, top, stacked } = JSON.parse(stdout)
    expect(report).toMatchObject({
      backend: 'tensorflow',
      details: { tensorflow: readReceipt(located.folder)!.tensorflow },
    })
    expect(losses).toHaveLength(5)
    expect(losses[4]).toBeLessThan(losses[0] / 2)
    expect(left).toBe(0)
    expect({ top, stacked }).toEqual({ top: [1, 3], stacked: [4, 2] })
  })

  it('is there after another run of the installer as it was', async () => {
    const before = statSync(bindingOf(located)).mtimeMs
    const { form, tensorflow } = readReceipt(located.folder)!
    const again = await install({ project, cpu: form === 'cpu', tensorflow, progress: silent })
    expect(again).toEqual(readReceipt(located.folder))
    expect(statSync(bindingOf(located)).mtimeMs).toBe(before)
  })

  it('is told by status', async () => {
    const lines = await status(project)
    expect(lines).toContainEqual(
      expect.stringMatching(/^@tensorflow\/tfjs-node 4\.\d+\.\d+: TensorFlow 2\.\d+\.\d+ loads \(cpu form, \d+ MB\)$/),
    )
  })
})
