import { costOf } from '@cnnkit/layers'
import { architectureOf, createModel, listModels } from '@cnnkit/zoo'
import { withoutDrawing } from './drawn.ts'
import { type Form, sizeOf } from './run-form.ts'

/** A network in its first form, and what a forward pass costs at the size that it is run at. */
export interface Priced extends Form {
  readonly multiplyAccumulates: number
}

/** Each network of the zoo in the form that `createModel` makes, the cheapest first. */
export async function networksByCost(): Promise<readonly Priced[]> {
  const all: Priced[] = []
  for (const network of listModels()) {
    const { flavors } = await architectureOf(network)
    const size = await sizeOf(network)
    const flavor = flavors[0]!.name
    const options = { weights: null, flavor, inputShape: [size, size, 3], classes: 5 } as const
    const model = await withoutDrawing(() => createModel(network, options))
    const { multiplyAccumulates, parameters } = costOf(model)
    all.push({ network, flavor, multiplyAccumulates: multiplyAccumulates + parameters })
    model.dispose()
  }
  return all.sort((a, b) => a.multiplyAccumulates - b.multiplyAccumulates)
}
