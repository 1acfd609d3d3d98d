import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RowResult } from './results/result.ts'

/** The program from its sources, with its contenders' processes. */
const bench = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions=@cnnkit/source', fileURLToPath(new URL('./main.ts', import.meta.url)), ...args],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  )

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-bench-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

describe('npm run bench', () => {
  it('measures its smallest row from end to end, and keeps what it found as JSON and as tables', async () => {
    const { stdout } = await bench('--quick', '--threads', '1,2', '--out', folder)
    const page = await readFile(join(folder, 'README.md'), 'utf8')
    expect(page).toMatch(/^## .+ cores, Node \d+$/m)
    const result = await onlyResult(folder)
    expect(result.machine.versions).toHaveProperty('onnxruntime-web')
    expect(result.machine.versions).toMatchObject({ 'tfjs-core': expect.stringMatching(/^4\./) })
    expect(result.measurements.map(({ threads }) => threads)).toEqual([1, 2])
    const [one, two] = result.measurements
    expect(one!.contenders.map(({ name }) => name)).toEqual(['cnnkit', 'tfjs'])
    expect(two!.contenders.map(({ name, threads }) => [name, threads])).toEqual([
      ['cnnkit', 2],
      ['tfjs', 1],
      ['tfjs, threads by cnnkit', 2],
    ])
    for (const { contenders } of result.measurements) {
      for (const { turns, runs, first, ready, peakMiB, outputError = 0 } of contenders) {
        expect(turns).toHaveLength(2)
        expect(runs).toBeGreaterThanOrEqual(2)
        for (const measured of [...turns, first, ready, peakMiB]) expect(measured).toBeGreaterThan(0)
        expect(outputError).toBeLessThan(1e-5)
      }
    }
    for (const text of [stdout, page]) expect(text).toContain('### MobileNet v1 0.25, forward')
  })

  it('leaves a row out that lacks its file, says how to make it, and goes on', async () => {
    vi.stubEnv('CNNKIT_BENCH_ONNX', folder)
    const { stderr } = await bench('--row', 'onnx-resnet50-batch-1', '--out', folder)
    expect(stderr).toContain('onnx-resnet50-batch-1 is left out. There is no')
    expect(stderr).toContain('python reference/onnx/export.py torch --only resnet50')
    expect(await readdir(folder)).toEqual([])
  })

  it('says which rows there are when one is asked for that is not', async () => {
    await expect(bench('--row', 'forward-vgg')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /No row begins with "forward-vgg"\. There are forward-mobilenet-v1-025, .*load-resnet50/,
      ),
    })
  })
})

/** The one JSON file in the one folder of a machine. */
async function onlyResult(folder: string): Promise<RowResult> {
  const [file, ...others] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'))
  expect(others).toEqual([])
  return JSON.parse(await readFile(join(folder, file!), 'utf8')) as RowResult
}
