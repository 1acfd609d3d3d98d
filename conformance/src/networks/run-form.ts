import { gradCam } from '@cnnkit/cam'
import { pictureDataset } from '@cnnkit/images'
import { registerLayers } from '@cnnkit/layers'
import { noise, seeded } from '@cnnkit/testing/numbers'
import { fit } from '@cnnkit/transfer'
import type { ModelName } from '@cnnkit/zoo'
import {
  add,
  dispose,
  logSoftmax,
  neg,
  type Scalar,
  slice2d,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor4d,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { emptyNetwork } from './sizes.ts'
import { fillWeights } from './weights.ts'

/** A network in one of its forms. */
export interface Form {
  readonly network: ModelName
  readonly flavor: string
}

/** What is done with a network. */
export type Work = 'infer' | 'gradient' | 'step' | 'map'

/** What a form is run with. */
export interface Pictured {
  /** Height and width of the pictures. */
  readonly size: number
  /** Chooses the pictures. */
  readonly seed: number
  /** Where it isn't 0, each weight is moved up or down by one rounding; which, it chooses. */
  readonly nudge?: number
}

/** Tensors by name: one for the outputs and the map, one for each weight otherwise. */
export type Results = ReadonlyMap<string, Float32Array>

/** A form on the current backend with the weights and the pictures that it has on every backend. */
export class FormRun {
  readonly #model: LayersModel
  readonly #x: Tensor4D
  readonly #seed: number

  private constructor(model: LayersModel, x: Tensor4D, seed: number) {
    this.#model = model
    this.#x = x
    this.#seed = seed
  }

  /** Two pictures, on the backend that is current. */
  static async open(form: Form, { size, seed, nudge = 0 }: Pictured): Promise<FormRun> {
    registerLayers()
    const model = await emptyNetwork(form, size)
    fillWeights(model, nudge)
    const { values } = noise([2, size, size, 3], seed)
    return new FormRun(model, tensor4d(values, [2, size, size, 3]), seed)
  }

  /** Does one piece of work. A step changes the weights: let it be the last. */
  async run(work: Work): Promise<Results> {
    return {
      infer: () => this.#infer(),
      gradient: () => this.#gradient(),
      step: () => this.#step(),
      map: () => this.#map(),
    }[work]()
  }

  dispose(): void {
    this.#model.dispose()
    this.#x.dispose()
  }

  async #infer(): Promise<Results> {
    const outputs = tidy(() => this.#model.predict(this.#x) as Tensor)
    return new Map([['logits', await taken(outputs)]])
  }

  async #gradient(): Promise<Results> {
    const weights = this.#model.trainableWeights
    const variables = weights.map((weight) => weight.read() as Variable)
    const { value, grads } = variableGrads(() => this.#loss(), variables)
    value.dispose()
    const results = new Map<string, Float32Array>()
    for (const [i, variable] of variables.entries())
      results.set(weights[i]!.originalName, await taken(grads[variable.name]!))
    return results
  }

  /** Cross-entropy of the first class for one picture and of the second for the other. */
  #loss(): Scalar {
    const log = logSoftmax(this.#model.apply(this.#x, { training: true }) as Tensor2D)
    return neg(add(sum(slice2d(log, [0, 0], [1, 1])), sum(slice2d(log, [1, 1], [1, 1])))) as Scalar
  }

  /** How far one step of `fit` moves each weight, moving statistics among them. */
  async #step(): Promise<Results> {
    const before = await this.#weights()
    // A high rate, so that what is measured is the move and not the rounding of the weight.
    const recipe = {
      optimizer: { kind: 'sgd', momentum: 0.9 },
      learningRate: 1,
      schedule: { kind: 'constant' },
    } as const
    await fit(this.#model, this.#pictures(), { recipe, epochs: 1, batchSize: 2 })
    const after = await this.#weights()
    for (const [name, values] of after) {
      const old = before.get(name)!
      for (let i = 0; i < values.length; i++) values[i]! -= old[i]!
    }
    return after
  }

  async #weights(): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>()
    for (const weight of this.#model.weights) {
      values.set(weight.originalName, Float32Array.from(await weight.read().data()))
    }
    return values
  }

  #pictures(): ReturnType<typeof pictureDataset> {
    const [, height, width] = this.#x.shape
    const item = (label: number) => ({
      id: `${label}.png`,
      label,
      read: async () => {
        const next = seeded(2 * this.#seed + label)
        const data = Uint8Array.from({ length: height * width * 3 }, () => 256 * next())
        return { data, width, height, channels: 3 as const }
      },
    })
    return pictureDataset({ classes: ['a', 'b', 'c', 'd', 'e'], items: [item(0), item(1)] })
  }

  async #map(): Promise<Results> {
    const maps = await gradCam(this.#model, this.#x, { target: 1 })
    return new Map(maps.map(({ raw }, i) => [`picture ${i}`, Float32Array.from(raw!)]))
  }
}

async function taken(result: Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await result.data())
  dispose(result)
  return values
}
