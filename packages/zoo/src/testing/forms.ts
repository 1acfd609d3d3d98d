import { costOf } from '@cnnkit/layers'
import { buildNetwork } from '../build-network.ts'
import { architectureOf, modelNames } from '../models.ts'
import type { Form } from './describe-networks.ts'

/** Every network in every flavor: the light ones, or those that take long. */
export async function forms({ heavy }: { readonly heavy: boolean }): Promise<readonly Form[]> {
  const all: Form[] = []
  for (const network of modelNames) {
    const architecture = await architectureOf(network)
    for (const flavor of architecture.flavors) {
      const model = buildNetwork(architecture, {}, { flavor, weightsFollow: true })
      const { parameters, layers } = costOf(model)
      model.dispose()
      if (heavy === (parameters > 3e7 || layers.length > 400)) all.push({ network, flavor: flavor.name })
    }
  }
  return all
}
