import { costOf } from '@cnnkit/layers'
import { architectureOf, listModels } from '@cnnkit/zoo'
import type { Form } from './run-form.ts'
import { emptyNetwork, fullSize } from './sizes.ts'

/** A network in its first form, and what a forward pass costs at twice its smallest input. */
export interface Priced extends Form {
  readonly multiplyAccumulates: number
}

/** Each network of the zoo in the form that `createModel` makes, the cheapest first. */
export async function networksByCost(): Promise<readonly Priced[]> {
  const all: Priced[] = []
  for (const network of listModels()) {
    const { flavors } = await architectureOf(network)
    const form: Form = { network, flavor: flavors[0]!.name }
    const model = await emptyNetwork(form, await fullSize(form))
    const { multiplyAccumulates, parameters } = costOf(model)
    all.push({ ...form, multiplyAccumulates: multiplyAccumulates + parameters })
    model.dispose()
  }
  return all.sort((a, b) => a.multiplyAccumulates - b.multiplyAccumulates)
}
