import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelOptions } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { setFormulaWeights } from './formula-weights.ts'

const folder = join(tmpdir(), 'cnnkit-bench')

/** What the zoo is asked for beside the name. */
export type Form = Pick<ModelOptions, 'flavor' | 'activation'>

/** Writes the layers of a network of the zoo, as `model.toJSON` gives them, for {@link fromTopology}. */
export async function writeTopology(architecture: string, form: Form = {}): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu')
  const model = await fresh(architecture, form)
  await mkdir(folder, { recursive: true })
  await writeFile(topologyPath(architecture, form), JSON.stringify(model.toJSON(undefined, false)))
  model.dispose()
}

/** The network by TensorFlow.js alone, with TensorFlow.js' own layers and weights by formula. */
export async function fromTopology(architecture: string, form: Form = {}): Promise<LayersModel> {
  const { models } = await import('@tensorflow/tfjs-layers')
  const model = await models.modelFromJSON(JSON.parse(await readFile(topologyPath(architecture, form), 'utf8')))
  setFormulaWeights(model)
  return model
}

/** The network by cnnkit, with the same weights. */
export async function fromZoo(architecture: string, form: Form = {}): Promise<LayersModel> {
  const model = await fresh(architecture, form)
  setFormulaWeights(model)
  return model
}

/** Without dropout, which would give each program another loss. */
async function fresh(architecture: string, form: Form): Promise<LayersModel> {
  const { createModel } = await import('@cnnkit/zoo')
  const dropout = architecture.startsWith('mobilenet') ? { dropout: 0 } : {}
  return createModel(architecture as 'mobilenet_v1_100', { weights: null, ...dropout, ...form })
}

/** The file that {@link writeTopology} writes. */
export const topologyPath = (architecture: string, form: Form): string =>
  join(folder, `${[architecture, ...Object.values(form)].join('.')}.json`)
