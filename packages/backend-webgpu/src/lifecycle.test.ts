import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildProgram } from '@cnnkit/testing/program'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noWebgpu } from './testing/here.ts'

// Inside the package, so that the program finds what the package depends on.
const folder = fileURLToPath(new URL(`../node_modules/.lifecycle-${process.pid}/`, import.meta.url))
const built = (name: string): string => path.join(folder, `${name}.mjs`)
const training = fileURLToPath(new URL('./testing/process.ts', import.meta.url))
const probing = fileURLToPath(new URL('./testing/probe.ts', import.meta.url))

beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  await buildProgram(training, built('process'), { external: ['webgpu'] })
  await buildProgram(probing, built('probe'), { external: ['webgpu'] })
  const alias = { webgpu: 'webgpu-that-is-not-installed' }
  await buildProgram(probing, built('no-peer'), { external: [alias.webgpu], alias })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { timeout: 190_000, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, [built(program), ...args], options)
  return stdout
}

describe.skipIf(noWebgpu !== undefined)('a program that trained on WebGPU', { timeout: 200_000 }, () => {
  it.each(['', 'exit', 'destroy'])('ends by itself, and well: %s', async (then) => {
    expect(await run('process', [then])).toBe('true')
  })

  it('that fails ends with its own error', async () => {
    await expect(run('process', ['throw'])).rejects.toMatchObject({
      code: 1,
      stdout: 'true',
      stderr: expect.stringMatching(/the program failed/),
    })
  })
})

describe('a program on a machine without', () => {
  it('the package webgpu is told how to install it', async () => {
    expect(await run('no-peer')).toBe('WebGPU in Node takes the package webgpu: npm install webgpu@0.6')
  })

  it('a GPU is told what WebGPU needs there', async ({ skip }) => {
    if (process.platform !== 'linux') skip('only Vulkan can be told to find no driver')
    expect(await run('probe', [], { VK_ICD_FILENAMES: '/dev/null' })).toMatch(/^No GPU that WebGPU can use\. .*Vulkan/)
  })
})
