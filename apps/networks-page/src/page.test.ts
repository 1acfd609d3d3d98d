import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { networksChart } from './chart.ts'
import { networksPage } from './page.ts'
import { type NetworkRow, networkRows } from './rows.ts'

interface KerasRow {
  readonly sizeMb: number
  readonly top1: number
  readonly top5: number
  readonly depth: number
  readonly parameters: number
}

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const { keras } = JSON.parse(read('packages/zoo/src/golden/published-weights.json')) as {
  keras: Record<string, KerasRow>
}

const UPDATE = 'npm run build && node apps/networks-page/dist/main.js'
let rows: readonly NetworkRow[]
beforeAll(async () => {
  rows = await networkRows()
})

describe('docs/networks.md', () => {
  it('is what the zoo says', () => {
    expect(networksPage(rows), UPDATE).toBe(read('docs/networks.md'))
  })

  it('has the chart of the same numbers', async () => {
    expect(await networksChart(rows), UPDATE).toBe(read('docs/networks.svg'))
  })

  it('says of every form what it was held against', () => {
    expect(rows.filter(({ originals }) => originals.length === 0).map(({ info }) => info.name)).toEqual([])
  })

  it.each(Object.entries(keras))("has Keras' row of %s as its documentation prints it", (name, row) => {
    const { info, weights } = rows.find(({ info }) => info.name === name && info.flavor === 'keras')!
    expect(info.parameters).toBe(row.parameters)
    expect(info.depth).toBe(row.depth)
    // Printed to a digit, and rounded from what the sources say.
    expect(weights!.accuracy!.top1).toBeCloseTo(row.top1, 1)
    expect(weights!.accuracy!.top5).toBeCloseTo(row.top5, 1)
    // The files are as large as their values, but for 4 MB of names and tables at most.
    const megabytes = (4 * info.parameters) / 2 ** 20
    expect(row.sizeMb).toBeGreaterThan(megabytes - 1)
    expect(row.sizeMb).toBeLessThan(megabytes + 4)
  })
})
