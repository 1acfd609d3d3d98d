import { createModel, type ModelName } from '@cnnkit/zoo'
import {
  add,
  grad,
  mul,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** What a network gives on the current backend. */
export interface Results {
  /** In inference. */
  readonly output: Float32Array
  /** For the picture, in inference, as maps take it. */
  readonly map: Float32Array
  /** For each trainable weight, by name, in training. */
  readonly gradients: Readonly<Record<string, Float32Array>>
}

const batch = 2
const classes = 5

/** Values in [-1, 1), the same for the same seed. */
function noise(shape: readonly number[], seed: number): Tensor {
  let state = seed >>> 0
  const length = shape.reduce((all, side) => all * side, 1)
  const values = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
  return tensor(values, [...shape])
}

/** A network of the zoo for small pictures, with weights that are the same on every backend. */
export async function smallNetwork(name: ModelName, side: number): Promise<LayersModel> {
  const shape: [number, number, number] = [side, side, 3]
  const model = await createModel(name, { weights: null, inputShape: shape, classes, activation: 'linear', dropout: 0 })
  tidy(() => {
    const values = model.weights.map(({ name, shape }, seed) => {
      const sides = shape as number[]
      const fan = sides.slice(0, -1).reduce((all, length) => all * length, 1)
      const [offset, spread] = sides.length > 1 ? [0, Math.sqrt(6 / fan)] : [/gamma|variance/.test(name) ? 1 : 0, 0.2]
      return add(mul(noise(sides, seed + 1), spread), offset)
    })
    model.setWeights(values)
  })
  return model
}

/** Runs a network forward and back, in inference and in training. No tensor is left behind. */
export async function resultsOf(name: ModelName, side: number): Promise<Results> {
  const model = await smallNetwork(name, side)
  const results = tidy(() => {
    const picture = noise([batch, side, side, 3], 99)
    const direction = noise([batch, classes], 98)
    const run = (x: Tensor, training: boolean): Tensor => model.apply(x, { training }) as Tensor
    const score = (x: Tensor, training: boolean): Scalar => sum(mul(run(x, training), direction))
    const output = valuesOf(run(picture, false))
    const map = valuesOf(grad((x: Tensor) => score(x, false))(picture))
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
    const { grads } = variableGrads(() => score(picture, true), variables)
    const gradients = model.trainableWeights.map(({ originalName }, i) => [
      originalName,
      valuesOf(grads[variables[i]!.name]!),
    ])
    return { output, map, gradients: Object.fromEntries(gradients) as Results['gradients'] }
  })
  model.dispose()
  return results
}

function valuesOf(x: Tensor): Float32Array {
  return Float32Array.from(x.dataSync())
}
