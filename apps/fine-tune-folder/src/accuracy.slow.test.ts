// The accuracies that the issue of this house's spine promises, with real weights on real pictures. Minutes long.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { imageFolder, kFold, readImage } from '@cnnkit/images'
import { evaluate, fineTune } from '@cnnkit/transfer'
import { classify } from '@cnnkit/zoo'
import { openModel, startBackend } from 'cnnkit'
import { beforeAll, describe, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const sample = fileURLToPath(new URL('../shared/data/images/imagenet-sample-100', root))
const flowers = fileURLToPath(new URL('data/flowers-200', root))

beforeAll(async () => {
  await startBackend()
}, 60_000)

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe.runIf(existsSync(sample))('a hundred pictures of ImageNet (skipped where ../shared/data is missing)', () => {
  it.each([
    ['resnet50', 90, 99],
    ['mobilenet_v1_025', 62, 83],
  ])(
    '%s names at least %i of them rightly, %i among its first five',
    async (name, top1, top5) => {
      const model = await openModel(name)
      const files = (await readdir(sample)).filter((file) => /\.jpe?g$/i.test(file)).sort()
      let [first, five] = [0, 0]
      for (const [i, file] of files.entries()) {
        const found = await classify(model, await readImage(`${sample}/${file}`))
        if (found[0]!.index === 10 * i) first++
        if (found.some(({ index }) => index === 10 * i)) five++
      }
      model.dispose()
      say(`${name}: top-1 ${first}, top-5 ${five} of ${files.length}`)
      expect(files).toHaveLength(100)
      expect(first).toBeGreaterThanOrEqual(top1)
      expect(five).toBeGreaterThanOrEqual(top5)
    },
    600_000,
  )
})

describe('flowers, head only, mean over five folds', () => {
  it.each([
    ['mobilenet_v1_025', 0.73],
    ['resnet50', 0.81],
  ])(
    '%s comes to at least %f',
    async (name, bar) => {
      const folds = kFold(await imageFolder(flowers), { folds: 5, seed: 1 })
      const accuracies: number[] = []
      for (const { train, validation } of folds) {
        const { model } = await fineTune(await openModel(name), train, { epochs: 20, seed: 1 })
        accuracies.push((await evaluate(model, validation)).accuracy)
        model.dispose()
      }
      const mean = meanOf(accuracies)
      say(`flowers, ${name}, head only: ${mean.toFixed(4)} (${accuracies.map((value) => value.toFixed(3)).join(', ')})`)
      expect(mean).toBeGreaterThanOrEqual(bar)
    },
    1_200_000,
  )
})
