import { readdirSync, readFileSync } from 'node:fs'
import { listModels, type ModelInfo, type ModelName, modelInfo, type PublishedWeights } from '@cnnkit/zoo'

/** A network in one of its forms, with the first of the weights that were published for it. */
export interface NetworkRow {
  readonly info: ModelInfo
  /** `undefined` where nobody published any in a format that is read. */
  readonly weights: PublishedWeights | undefined
  /** What it was held against, from the golden files: library and version, or the paper that it was built from apart. */
  readonly originals: readonly string[]
}

/** A row for each form of each network. */
export async function networkRows(): Promise<readonly NetworkRow[]> {
  const rows: NetworkRow[] = []
  for (const name of listModels()) rows.push(...(await formsOf(name)))
  return rows
}

async function formsOf(name: ModelName): Promise<readonly NetworkRow[]> {
  const { flavors } = await modelInfo(name)
  const infos = await Promise.all(flavors.map((flavor) => modelInfo(name, { flavor })))
  return infos.map((info) => {
    const fitting = info.weights.filter((weights) => weights.flavor === info.flavor)
    const weights = fitting.find(({ accuracy }) => accuracy) ?? fitting[0]
    return { info, weights, originals: originals.get(`${name} ${info.flavor}`) ?? [] }
  })
}

/** Sources of the golden files, shortened to the library and its version, by network and form. */
const originals = sourcesOf(new URL('../../../packages/zoo/src/golden/originals/', import.meta.url))

function sourcesOf(folder: URL): ReadonlyMap<string, readonly string[]> {
  // Held by packages/zoo/src/squeezenet-weights.test.ts, with the genuine file.
  const found = new Map<string, readonly string[]>([['squeezenet1_1 keras', ['NumPy, genuine weights']]])
  for (const file of readdirSync(folder)) {
    const { network, flavor, source } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<
      string,
      string
    >
    const key = `${network} ${flavor}`
    found.set(key, [...new Set([...(found.get(key) ?? []), shortened(source!)])].sort())
  }
  return found
}

function shortened(source: string): string {
  if (/^(built in|papers\/|torch )/.test(source)) return 'PyTorch build from the publication'
  return source.replace(/: .*$/, '').replace(/\+\w+$/, '')
}
