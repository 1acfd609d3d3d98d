import type { LayersModel } from '@tensorflow/tfjs-layers'
import { buildNetwork } from '../build-network.ts'
import type { ModelOptions } from '../model-options.ts'
import { architectureOf, type ModelName } from '../models.ts'

/** A network as the options say, with kernels that have no values: for what can be read off it without running it. */
export async function built(name: ModelName, options: ModelOptions = {}): Promise<LayersModel> {
  const architecture = await architectureOf(name)
  const wanted = options.flavor ?? architecture.flavors[0]!.name
  const flavor = architecture.flavors.find((form) => form.name === wanted)!
  return buildNetwork(architecture, options, { flavor, weightsFollow: true })
}
