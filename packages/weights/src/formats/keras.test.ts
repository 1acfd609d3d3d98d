import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { shared } from '../testing/model.ts'
import type { WeightFile } from '../weight-file.ts'

/** Name, shape, dtype, first and last three values, and the sum of each value times its number. */
type Row = readonly [string, readonly number[], string, readonly number[], number]

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))
const { files: two } = JSON.parse(readFileSync(golden('keras2.json'), 'utf8')) as { files: Record<string, Row[]> }
const { files: old } = JSON.parse(readFileSync(golden('keras213.json'), 'utf8')) as { files: Record<string, Row[]> }
const { files: three } = JSON.parse(readFileSync(golden('keras3.json'), 'utf8')) as { files: Record<string, Row[]> }

const { files: genuine } = JSON.parse(readFileSync(golden('genuine-h5.json'), 'utf8')) as {
  files: Record<string, Row[]>
}

async function rows({ tensors }: WeightFile): Promise<Row[]> {
  return Promise.all(
    tensors.map(async ({ name, shape, dtype, read }): Promise<Row> => {
      const values = await read()
      const sum = values.reduce((total, value, index) => total + value * (index + 1), 0)
      return [name, shape, dtype, [...values.slice(0, 3), ...values.slice(-3)], sum]
    }),
  )
}

async function expectValues(file: WeightFile, expected: readonly Row[]): Promise<void> {
  const found = await rows(file)
  expect(found.map(([, shape]) => shape)).toEqual(expected.map(([, shape]) => shape))
  for (const [index, [tensor, , , picked, sum]] of expected.entries()) {
    expect(found[index]?.[3], tensor).toEqual(picked)
    expect(Math.abs((found[index]?.[4] ?? Number.NaN) - sum), tensor).toBeLessThanOrEqual(1e-9 * Math.abs(sum) + 1e-6)
  }
}

describe.each(Object.entries({ ...two, ...old, ...three }))('%s', (name, expected) => {
  it('has the tensors that Keras has, in its order', async () => {
    await expectValues(await openWeights(golden(name)), expected)
  })
})

describe.each(Object.entries(genuine))('%s', (name, expected) => {
  it('has the tensors that h5py finds in it, in its order', async (context) => {
    const path = shared(`data/weights/${name}`)
    if (!existsSync(path)) return context.skip(`${path} is not there`)
    const file = await openWeights(path)
    expect(namesOf(file)).toEqual(expectedNames(expected))
    await expectValues(file, expected)
  })
})

const namesOf = ({ tensors }: WeightFile): string[] => tensors.map(({ name }) => name)
const expectedNames = (rows: readonly Row[] = []): string[] => rows.map(([name]) => name)

it.each([
  'keras2.h5',
  'keras2-split.h5',
  'keras2-model.h5',
  'keras2.keras',
  'keras213.keras',
  'keras3-model.h5',
  'keras3.keras',
])('gives the tensors of %s the names of their layers and weights', async (name) => {
  const file = await openWeights(golden(name))
  expect(namesOf(file)).toEqual(expectedNames({ ...two, ...old, ...three }[name]))
  expect(new Set(file.tensors.map(({ dtype }) => dtype))).toEqual(new Set(['float32']))
})

it('takes the only weight of a norm for beta where nothing says whether it is', async () => {
  const expected = expectedNames(three['keras3.weights.h5'])
  const file = await openWeights(golden('keras3.weights.h5'))
  expect(namesOf(file)).toEqual(expected.map((name) => (name === 'inner/in_bn/gamma' ? 'inner/in_bn/beta' : name)))
})

it('names layers by class and number, in the order of the model, where the file does not name them', async () => {
  const named = await openWeights(golden('keras3.weights.h5'))
  for (const name of ['keras2.weights.h5', 'keras3-unnamed.weights.h5']) {
    const file = await openWeights(golden(name))
    expect(namesOf(file).slice(0, 8)).toEqual([
      'conv2d/kernel',
      'conv2d/bias',
      'batch_normalization/gamma',
      'batch_normalization/beta',
      'batch_normalization/moving_mean',
      'batch_normalization/moving_variance',
      'depthwise_conv2d/depthwise_kernel',
      'depthwise_conv2d/bias',
    ])
    expect(file.tensors.map(({ shape }) => shape)).toEqual(named.tensors.map(({ shape }) => shape))
  }
})
