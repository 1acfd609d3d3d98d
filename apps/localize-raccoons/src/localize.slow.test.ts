// That maps find raccoons better than chance, with a network that was taught what one is. Minutes long.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { split } from '@cnnkit/images'
import { startBackend } from 'cnnkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'
import { type Judgement, judge } from './judge.ts'
import { BASELINE } from './methods.ts'
import { readRaccoons } from './raccoons.ts'

const folder = fileURLToPath(new URL('../../../../shared/data/images', import.meta.url))

beforeAll(async () => {
  await startBackend()
}, 60_000)

describe.runIf(existsSync(`${folder}/raccoon-voc`))('raccoons (skipped where ../shared/data is missing)', () => {
  it('are found by the gradient far better than by chance, and CAM and Grad-CAM agree', async () => {
    const args = readArguments([
      '--data',
      folder,
      '--methods',
      `cam,grad-cam,hires-cam,layer-cam,${BASELINE}`,
      '--tune',
      '10',
    ])
    const raccoons = await readRaccoons(folder)
    const parts = split(raccoons.dataset, { holdOut: 0.5, seed: args.seed })
    let table: Judgement | undefined
    const onRows = async (judgement: Judgement): Promise<void> => {
      table = judgement
    }
    await judge(raccoons, parts, args, { signal: new AbortController().signal, onRows })
    const { rows, accuracy, pictures } = table!
    expect(pictures).toBe(100)
    expect(accuracy.correct / accuracy.total).toBeGreaterThan(0.85)
    const row = (name: string): Judgement['rows'][number] => rows.find(({ method }) => method === name)!
    for (const method of ['cam', 'grad-cam', 'hires-cam', 'layer-cam']) {
      expect(row(method).localized, method).toBeGreaterThan(row(BASELINE).localized + 0.1)
      expect(row(method).pointing, method).toBeGreaterThan(row(BASELINE).pointing)
    }
    expect(row('grad-cam').localized).toBeCloseTo(row('cam').localized, 2)
    expect(row('grad-cam').localized).toBeGreaterThan(row('whole picture').localized)
  }, 900_000)
})
