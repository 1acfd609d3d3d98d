import { architectureOf, createModel } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { withoutDrawing } from './drawn.ts'
import type { Form } from './run-form.ts'

/** Twice the smallest input, so that norms of the last grid see more than one pixel. */
export async function fullSize({ network }: Form): Promise<number> {
  return 2 * (await architectureOf(network)).minimumSize
}

/** The least input at which no norm sees a single pixel: of two pictures it would leave nothing but which is which. */
export async function leastSize(form: Form): Promise<number> {
  let [tooSmall, fits] = [(await architectureOf(form.network)).minimumSize - 1, await fullSize(form)]
  while (fits - tooSmall > 1) {
    const middle = (tooSmall + fits) >> 1
    if (await normsSeeMore(form, middle)) fits = middle
    else tooSmall = middle
  }
  return fits
}

async function normsSeeMore(form: Form, size: number): Promise<boolean> {
  let model: LayersModel
  try {
    model = await emptyNetwork(form, size)
  } catch {
    // Some forms take multiples of a size alone.
    return false
  }
  const norms = model.layers.filter((layer) => layer.getClassName().endsWith('BatchNormalization'))
  const all = norms.every(({ outputShape }) => outputShape.length < 4 || (outputShape[1] as number) > 1)
  model.dispose()
  return all
}

/** A form whose weights are yet to be given: five classes, and scores that are logits. */
export async function emptyNetwork({ network, flavor }: Form, size: number): Promise<LayersModel> {
  const options = { inputShape: [size, size, 3], classes: 5, activation: 'linear', dropout: 0 } as const
  return withoutDrawing(async () => createModel(network, { weights: null, flavor, ...options }))
}
