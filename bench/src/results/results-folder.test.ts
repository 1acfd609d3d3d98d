import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContenderResult, Measurement, RowResult } from './result.ts'
import { keep } from './results-folder.ts'

const spread = (median: number) => ({ median, quartiles: [median * 0.9, median * 1.1] as const })

const contender = (name: string, milliseconds: number, ours = milliseconds): ContenderResult => ({
  name,
  what: `what ${name} is`,
  threads: 1,
  time: spread(milliseconds),
  turns: [milliseconds, milliseconds],
  runs: 10,
  cpu: spread(milliseconds),
  ready: 500,
  first: 90,
  peakMiB: 100,
  ...(milliseconds !== ours && { ratio: spread(milliseconds / ours), cpuRatio: spread(milliseconds / ours) }),
})

const measurement = (threads: number, ours: number, theirs: number): Measurement => ({
  threads,
  date: '2026-01-02T03:04:05.000Z',
  load: 0.5,
  otherWork: 0.04,
  contenders: [contender('cnnkit', ours), contender('tfjs', theirs, ours)],
})

const machine = {
  cpu: 'Some(R) CPU @ 2 GHz',
  cores: 2,
  memoryGiB: 8,
  system: 'Linux 6 x64',
  node: 'v20.19.0',
  v8: '11.3',
  versions: { 'tfjs-core': '4.22.0' },
  commit: 'abc1234',
}

const result = (row: string, measurements: readonly Measurement[]): RowResult => ({
  row,
  title: `title of ${row}`,
  timed: 'What is timed.',
  process: 'kept',
  sameOutput: 'a reason',
  machine,
  measurements,
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-bench-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const page = (): Promise<string> => readFile(join(folder, 'README.md'), 'utf8')

describe('keep', () => {
  it('shows all rows of a machine in the order of the list, whichever was run last', async () => {
    await keep(result('load-resnet50', [measurement(1, 100, 250)]), folder)
    await keep(result('forward-resnet50', [measurement(1, 8, 12)]), folder)
    const text = await page()
    expect(text.match(/^## .*/gm)).toEqual(['## Some(R) CPU @ 2 GHz, 2 cores, Node 20'])
    expect(text.match(/^### .*/gm)).toEqual(['### title of forward-resnet50', '### title of load-resnet50'])
    expect(text).toContain('| title of load-resnet50 | 1 | 100 ms | tfjs | 250 ms | **2.50** | 2.50 |')
    expect(text).toContain('| title of forward-resnet50 | 1 | 8.00 ms | tfjs | 12.0 ms | **1.50** | 1.50 |')
  })

  it('replaces what is measured anew and leaves other numbers of threads', async () => {
    await keep(result('forward-resnet50', [measurement(1, 10, 20), measurement(2, 5, 20)]), folder)
    await keep(result('forward-resnet50', [measurement(2, 6, 18)]), folder)
    const text = await page()
    expect(text).toContain('| 1 | 10.0 ms | tfjs | 20.0 ms | **2.00** |')
    expect(text).toContain('| 2 | 6.00 ms | tfjs | 18.0 ms | **3.00** |')
    expect(text).not.toContain('5.00 ms')
  })

  it('does not mix measurements of two commits', async () => {
    await keep(result('forward-resnet50', [measurement(1, 10, 20)]), folder)
    await keep(
      { ...result('forward-resnet50', [measurement(2, 5, 20)]), machine: { ...machine, commit: 'def5678' } },
      folder,
    )
    expect(await page()).not.toContain('10.0 ms')
  })
})
