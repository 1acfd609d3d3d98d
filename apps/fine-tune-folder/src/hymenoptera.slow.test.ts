// Ants and bees of PyTorch's transfer-learning tutorial with genuine weights: tens of minutes. Where the variable CNNKIT_KEPT names a folder,
// finished seeds are kept there, and what a run that is cut off needs to go on: delete it to measure anew.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imageFolder } from '@cnnkit/images'
import { fineTune, type Policy } from '@cnnkit/transfer'
import { checkpointFile } from '@cnnkit/transfer/checkpoint-file'
import { featureFolder } from '@cnnkit/transfer/feature-folder'
import { openModel, startBackend } from 'cnnkit'
import { beforeAll, describe, expect, it } from 'vitest'

const pictures = fileURLToPath(new URL('../../../../shared/data/images/hymenoptera', import.meta.url))
const kept = process.env.CNNKIT_KEPT

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

beforeAll(async () => {
  await startBackend()
}, 60_000)

/** Accuracy on the held-out pictures after the last epoch. */
async function accuracyOf(name: string, policy: Policy & string, seed: number): Promise<number> {
  const result = kept && join(kept, `${name}-${policy}-${seed}.json`)
  if (result && existsSync(result)) return JSON.parse(await readFile(result, 'utf8')).accuracy
  const work = kept && join(kept, `${name}-${policy}-${seed}`)
  if (work) await mkdir(work, { recursive: true })
  const [train, validation] = await Promise.all(
    ['train', 'val'].map((part) => imageFolder(join(pictures, part), { shortSide: 256 })),
  )
  const { model, history } = await fineTune(await openModel(name), train!, {
    policy,
    epochs: policy === 'head' ? 20 : 8,
    seed,
    validation: validation!,
    ...(work && { checkpoint: checkpointFile(join(work, 'checkpoint')) }),
    // The frozen part is the same for all seeds.
    ...(kept && { features: featureFolder(join(kept, `${name}-${policy}-features`), { keep: true }) }),
    onProgress: ({ phase, epoch, step, steps }) => {
      if (kept && step === steps) say(`  ${name}, ${policy}, seed ${seed}: ${phase}, epoch ${epoch}`)
    },
  })
  model.dispose()
  const accuracy = history.at(-1)!.validationAccuracy!
  if (result) {
    await writeFile(`${result}.unfinished`, JSON.stringify({ accuracy, history }))
    await rename(`${result}.unfinished`, result)
  }
  return accuracy
}

describe.runIf(existsSync(pictures))(
  'ants and bees, mean of three seeds (skipped where ../shared/data is missing)',
  () => {
    const means = new Map<string, number>()

    it.each([
      ['resnet50', 'head', 0.93],
      ['resnet50', 'last-stage', 0.92],
      ['mobilenet_v1_025', 'head', 0.86],
    ] as const)(
      '%s, %s, comes to at least %f on the validation pictures',
      async (name, policy, bar) => {
        const accuracies: number[] = []
        for (const seed of [1, 2, 3]) {
          accuracies.push(await accuracyOf(name, policy, seed))
          say(`hymenoptera, ${name}, ${policy}, seed ${seed}: ${accuracies.at(-1)!.toFixed(4)}`)
        }
        const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length
        const spread = Math.max(...accuracies) - Math.min(...accuracies)
        say(`hymenoptera, ${name}, ${policy}: ${mean.toFixed(4)}, spread ${spread.toFixed(4)}`)
        expect(mean).toBeGreaterThanOrEqual(bar)
        means.set(`${name} ${policy}`, mean)
        const head = means.get(`${name} head`)
        if (policy === 'last-stage' && head !== undefined) expect(mean).toBeGreaterThanOrEqual(head - 0.01)
      },
      3_600_000,
    )
  },
)
