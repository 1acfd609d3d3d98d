import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Inside the package, so that the program finds what the package depends on.
const folder = fileURLToPath(new URL(`../node_modules/.lifecycle-${process.pid}/`, import.meta.url))
const program = path.join(folder, 'train-a-step.mjs')

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

it.each([1, 2, 8])('a program that trained on %i thread(s) ends by itself, without a word', async (threads) => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, String(threads)], {
    timeout: 50_000,
  })
  expect(stdout).toBe(`${threads} true`)
  expect(stderr).toBe('')
})

it('a program that waits for something else still ends when that does', async () => {
  const script = `import(${JSON.stringify(program)}).then(() => setTimeout(() => process.stdout.write(' done'), 50))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, '', '2'], { timeout: 50_000 })
  expect(stdout).toMatch(/ done$/)
})
