import { type OpenWeightsOptions, openWeights, type WeightFile } from '@cnnkit/weights'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Architecture, WeightsRecord } from './architecture.ts'
import { assignWeights } from './assign-weights.ts'
import { type BuildPlan, buildNetwork, hasFreshHead } from './build-network.ts'
import { cardFor } from './card-for.ts'
import { checkOptions } from './check-options.ts'
import { closestDialect } from './match-weights.ts'
import type { ModelOptions } from './model-options.ts'
import { flavorOf, recordOf } from './resolve-options.ts'

/** Builds a network, loads its weights and gives it its card: what `createModel` and the function of each model call. */
export async function makeModel(architecture: Architecture, options: ModelOptions = {}): Promise<LayersModel> {
  const record = recordOf(architecture, options)
  const fileTells = record === undefined && options.flavor === undefined && options.weights != null
  const named = fileTells ? architecture.flavors.map(({ name }) => ({ ...options, flavor: name })) : [options]
  const [first, ...others] = named.map((wanted) => flavorOf(architecture, wanted, record))
  const flavor = checkOptions(architecture, options, [first!, ...others], record)
  const source = typeof options.weights === 'object' ? options.weights : (record?.sources ?? options.weights)
  const file = source == null ? undefined : await openWeights(source, fetching(options))
  try {
    const plan: BuildPlan = { flavor, record, weightsFollow: file !== undefined }
    if (file === undefined) return withCard(architecture, options, plan, buildNetwork(architecture, options, plan))
    const fitting = fileTells ? { ...plan, flavor: flavorOfFile(architecture, options, plan, file) } : plan
    checkOptions(architecture, options, [fitting.flavor], record)
    const model = buildNetwork(architecture, options, fitting)
    const headLoaded = await loaded(model, architecture, options, record, file)
    return withCard(architecture, options, { ...fitting, headLoaded }, model)
  } finally {
    await file?.close()
  }
}

/** What of a model's options says how weights are fetched. */
function fetching({ onProgress, onNotice, signal, mirror, offline, cacheDir }: ModelOptions): OpenWeightsOptions {
  return { onProgress, onNotice, signal, mirror, offline, cacheDir }
}

function withCard(
  architecture: Architecture,
  options: ModelOptions,
  made: BuildPlan & { readonly headLoaded?: boolean },
  model: LayersModel,
): LayersModel {
  cardFor(model, architecture, options, made)
  return model
}

/** A file that nothing is said of shows by its names which flavor it fits. */
function flavorOfFile(
  architecture: Architecture,
  options: ModelOptions,
  plan: BuildPlan,
  file: WeightFile,
): BuildPlan['flavor'] {
  if (architecture.flavors.length === 1) return plan.flavor
  const model = buildNetwork(architecture, options, plan)
  const { flavors } = closestDialect(model, file, architecture.dialects)
  model.dispose()
  if (!flavors || flavors.includes(plan.flavor.name)) return plan.flavor
  return flavorOf(architecture, { ...options, flavor: flavors[0]! }, undefined)
}

/** Loads the weights; the model is disposed when that fails. Gives whether the head's came along. */
async function loaded(
  model: LayersModel,
  architecture: Architecture,
  options: ModelOptions,
  record: WeightsRecord | undefined,
  file: WeightFile,
): Promise<boolean> {
  const heads = ['head', ...(architecture.auxiliary ?? []).map(({ path }) => path)]
  const mayStayFresh = hasFreshHead(options, record) ? heads.map((head) => `${head}.logits`) : []
  try {
    const { dialects } = architecture
    const fresh = await assignWeights(model, file, { dialects, mayStayFresh, signal: options.signal })
    return options.includeTop !== false && fresh.length === 0
  } catch (error) {
    model.dispose()
    throw error
  }
}
