// Forty people, five pictures of each to learn from and five to tell them by, from features of ResNet-50. Minutes long.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wasm } from '@cnnkit/backend-wasm'
import { imageFolder, type PictureDataset, random, split } from '@cnnkit/images'
import { createModel } from '@cnnkit/zoo'
import { beforeAll, describe, expect, it } from 'vitest'
import { decisionValues, type Embeddings, embedDataset, fineTune, nearestNeighbors, trainSvm } from '../index.ts'

const faces = fileURLToPath(new URL('../../../../../shared/data/images/orl-faces', import.meta.url))
const seeds = [1, 2, 3]

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe.runIf(existsSync(faces))('faces of forty people (skipped where ../shared/data is missing)', () => {
  let pictures: PictureDataset
  let all: Embeddings
  beforeAll(async () => {
    await wasm().start()
    pictures = await imageFolder(faces)
    const model = await createModel('resnet50', { weights: 'keras-2017-in1k' })
    all = await embedDataset(model, pictures)
    model.dispose()
  })

  /** Accuracy over the seeds of what names the held-out faces, each seed with five other pictures of each person to learn from. */
  const measure = async (
    name: string,
    classify: (known: Embeddings, asked: Embeddings) => Promise<Float32Array>,
  ): Promise<number> => {
    const accuracies: number[] = []
    for (const seed of seeds) {
      const [known, asked] = halves(all, seed)
      const scores = await classify(known, asked)
      const right = [...asked.labels].filter((label, i) => {
        const own = [...scores.subarray(40 * i, 40 * i + 40)]
        return own.indexOf(Math.max(...own)) === label
      })
      accuracies.push(right.length / asked.labels.length)
    }
    say(
      `ORL faces, ${name}: ${meanOf(accuracies).toFixed(4)} (${accuracies.map((value) => value.toFixed(3)).join(', ')})`,
    )
    return meanOf(accuracies)
  }

  it('a linear SVM on features names 98 % of them or more', async () => {
    const accuracy = await measure('linear SVM', async (known, asked) => {
      const svm = await trainSvm(known)
      expect(svm.converged).toBe(true)
      return decisionValues(svm, asked.values)
    })
    expect(accuracy).toBeGreaterThanOrEqual(0.98)
  })

  it('the nearest neighbour by angle names 95 % or more', async () => {
    const accuracy = await measure('nearest neighbour', async (known, asked) => {
      return nearestNeighbors(known, { neighbors: 1 }).votes(asked.values)
    })
    expect(accuracy).toBeGreaterThanOrEqual(0.95)
  })

  it('a softmax head names 96 % of them or more', async () => {
    const accuracies: number[] = []
    for (const seed of seeds) {
      const { train, validation } = split(pictures, { holdOut: 0.5, seed })
      const body = await createModel('resnet50', { weights: 'keras-2017-in1k' })
      const { model, history } = await fineTune(body, train, { epochs: 30, seed, validation })
      model.dispose()
      accuracies.push(history.at(-1)!.validationAccuracy!)
    }
    say(
      `ORL faces, softmax head: ${meanOf(accuracies).toFixed(4)} (${accuracies.map((value) => value.toFixed(3)).join(', ')})`,
    )
    expect(meanOf(accuracies)).toBeGreaterThanOrEqual(0.96)
  })
})

/** Five pictures of each person, and the other five. */
function halves({ values, width, labels, classes }: Embeddings, seed: number): [Embeddings, Embeddings] {
  const drawn = random(seed)
  const known = new Set(
    classes.flatMap((_, person) => {
      const own = [...labels.keys()].filter((i) => labels[i] === person)
      return drawn.shuffle(own).slice(0, 5)
    }),
  )
  const part = (rows: readonly number[]): Embeddings => ({
    values: Float32Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])),
    width,
    labels: Int32Array.from(rows, (row) => labels[row]!),
    classes,
  })
  const rows = [...labels.keys()]
  return [part(rows.filter((row) => known.has(row))), part(rows.filter((row) => !known.has(row)))]
}
