import { listModels, type ModelInfo, type ModelName, modelInfo, type PublishedWeights } from '@cnnkit/zoo'

/** A network in one of its forms, with the first of the weights that were published for it. */
export interface NetworkRow {
  readonly info: ModelInfo
  /** `undefined` where nobody published any in a format that is read. */
  readonly weights: PublishedWeights | undefined
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
    return { info, weights: fitting.find(({ accuracy }) => accuracy) ?? fitting[0] }
  })
}
