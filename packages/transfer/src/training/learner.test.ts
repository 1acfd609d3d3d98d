import '@tensorflow/tfjs-backend-cpu'
import { layersAt } from '@cnnkit/layers'
import {
  add,
  dispose,
  log,
  mean,
  memory,
  mul,
  neg,
  oneHot,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Recipe } from '../recipes/recipe.ts'
import { toyModel } from '../toy.fixture.ts'
import { auxiliaryToy } from './auxiliary-toy.fixture.ts'
import { forwardOf } from './forward.ts'
import { Learner } from './learner.ts'
import { movesOf } from './moves.ts'
import { withoutAuxiliary } from './without-auxiliary.ts'

beforeAll(() => setBackend('cpu'))

const recipe: Recipe = { optimizer: { kind: 'sgd' }, learningRate: 0.1, schedule: { kind: 'constant' } }

const pictures = (): Tensor =>
  tensor(
    Float32Array.from({ length: 6 * 8 * 8 * 3 }, (_, i) => Math.sin(i * 0.7) + (i % 3) * 0.4),
    [6, 8, 8, 3],
  )
const labels = Int32Array.from([0, 1, 2, 0, 1, 2])

const learnerOf = (model: LayersModel, own: Recipe): Learner =>
  new Learner({
    model,
    forward: forwardOf(model, model.inputs[0]!, (own.auxiliaryWeight ?? 0) > 0),
    recipe: own,
    seed: 0,
  })

/** What the model itself, run as a whole, makes of the summed loss of its three outputs. */
function gradientsByModel(model: LayersModel, weight: number): Record<string, Tensor> {
  const weights = model.trainableWeights.map((one) => one.read() as Variable)
  const x = pictures()
  const { value, grads } = variableGrads(() => {
    const truth = oneHot(tensor1d(labels, 'int32'), 3)
    const losses = (model.apply(x, { training: true }) as Tensor[]).map((scores) =>
      neg(mean<Scalar>(sum(mul(truth, log(scores)), 1))),
    )
    return losses.slice(1).reduce((total, aside) => add<Scalar>(total, mul(aside, weight)), losses[0]!)
  }, weights)
  dispose([value, x])
  return grads
}

describe('auxiliary heads', () => {
  it.each([0.3, 0.4])('add %d of their loss, as the model run as a whole has it', async (weight) => {
    const model = auxiliaryToy({ dropout: 0 })
    const expected = gradientsByModel(model, weight)
    const learner = learnerOf(model, { ...recipe, auxiliaryWeight: weight })
    const { gradients } = await learner.study({ x: pictures(), labels }, 0, 'here')
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected).sort())
    const largest = Math.max(...Object.values(expected).flatMap((one) => [...one.dataSync()].map(Math.abs)))
    for (const [name, values] of Object.entries(expected)) {
      const own = gradients[name]!.dataSync()
      values.dataSync().forEach((value, i) => {
        expect(Math.abs(own[i]! - value) / largest, name).toBeLessThan(1e-5)
      })
    }
    dispose([expected, gradients])
    learner.dispose()
    model.dispose()
  })

  it('are left alone where a recipe has no weight for them', async () => {
    const model = auxiliaryToy()
    const learner = learnerOf(model, recipe)
    const { gradients } = await learner.study({ x: pictures(), labels }, 0, 'here')
    expect(learner.variables).toHaveLength(
      model.trainableWeights.length - 2 * layersAt(model, 'aux1').flatMap((l) => l.trainableWeights).length,
    )
    dispose(gradients)
    learner.dispose()
    model.dispose()
  })

  it('are dropped for inference, and what is left gives the same scores', () => {
    const before = memory().numTensors
    const model = auxiliaryToy()
    const x = pictures()
    const scores = model.predict(x) as Tensor[]
    const slim = withoutAuxiliary(model)
    const own = slim.predict(x) as Tensor
    expect([...own.dataSync()]).toEqual([...scores[0]!.dataSync()])
    expect(slim.layers.filter(({ name }) => name.startsWith('aux'))).toEqual([])
    expect(slim.getUserDefinedMetadata()).toEqual(model.getUserDefinedMetadata())
    expect(withoutAuxiliary(slim)).toBe(slim)
    dispose([x, own, ...scores])
    slim.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('dropout', () => {
  it('drops by the seed of the run and the step, and leaves the configuration as it was', async () => {
    const model = auxiliaryToy({ norms: false })
    const configuration = JSON.stringify(model.toJSON())
    const losses: number[] = []
    for (const step of [0, 1, 0]) {
      const learner = learnerOf(model, recipe)
      const { loss, gradients } = await learner.study({ x: pictures(), labels }, step, 'here')
      losses.push(loss)
      dispose(gradients)
      learner.dispose()
    }
    expect(losses[2]).toBe(losses[0])
    expect(losses[1]).not.toBe(losses[0])
    expect(JSON.stringify(model.toJSON())).toBe(configuration)
    model.dispose()
  })
})

describe('how fast weights go', () => {
  const decaying = (decayed: 'kernels' | 'kernels-but-depthwise' | 'all'): Record<string, number> => {
    const model = toyModel()
    const depthwise = layers.depthwiseConv2d({ name: 'stage9.depthwise', kernelSize: 1, useBias: true })
    depthwise.apply(input({ shape: [4, 4, 2] }))
    const spec = { ...recipe, optimizer: { kind: 'sgd', weightDecay: 0.1, decayed } } as const
    const moves = movesOf(model, [...model.layers, depthwise], spec)
    const result = Object.fromEntries(moves.map(({ weight, move }) => [weight.originalName, move.weightDecay]))
    depthwise.dispose()
    model.dispose()
    return result
  }

  it('spares norms and biases, depthwise kernels too, or nothing', () => {
    const kernels = decaying('kernels')
    expect(kernels).toMatchObject({ 'stage1.conv/kernel': 0.1, 'stage9.depthwise/depthwise_kernel': 0.1 })
    expect(kernels).toMatchObject({ 'stage1.conv.norm/gamma': 0, 'head.logits/bias': 0, 'stage9.depthwise/bias': 0 })
    expect(decaying('kernels-but-depthwise')).toEqual({ ...kernels, 'stage9.depthwise/depthwise_kernel': 0 })
    expect(new Set(Object.values(decaying('all')))).toEqual(new Set([0.1]))
  })

  it('is slower below the head, by one factor or by stage', () => {
    const model = toyModel()
    const rates = (own: Partial<Recipe>): Record<string, number> =>
      Object.fromEntries(
        movesOf(model, model.layers, { ...recipe, ...own }).map(({ weight, move }) => [weight.originalName, move.rate]),
      )
    expect(rates({ bodyRate: 0.1 })).toMatchObject({ 'stage1.conv/kernel': 0.1, 'head.logits/kernel': 1 })
    const byStage = rates({ rates: { decay: 2 } })
    expect(byStage).toMatchObject({ 'head.logits/kernel': 1, 'stage2.conv/kernel': 0.5, 'stem.conv/kernel': 0.125 })
    model.dispose()
  })
})

describe('a loss that is no number', () => {
  const fail = async (spoil: (model: LayersModel) => void, x = pictures()): Promise<string> => {
    const model = auxiliaryToy()
    spoil(model)
    const before = memory().numTensors - 1
    const learner = learnerOf(model, { ...recipe, auxiliaryWeight: 0.3 })
    const error = await learner.study({ x, labels }, 0, 'epoch 2, step 5').catch((cause: Error) => cause)
    learner.dispose()
    expect(memory().numTensors).toBe(before)
    model.dispose()
    return (error as Error).message
  }
  const scale = (path: string, factor: number) => (model: LayersModel) => {
    for (const weight of layersAt(model, path)[0]!.weights) weight.write(mul(weight.read(), factor))
  }

  it('names the step and the first layer whose output is not finite', async () => {
    const message = await fail((model) => {
      const kernel = layersAt(model, 'stage2.conv')[0]!.weights[0]!
      kernel.write(mul(kernel.read(), 1e38))
      const norm = layersAt(model, 'stage1.conv.norm')[0]!.weights[0]!
      norm.write(mul(norm.read(), 1e5))
    })
    expect(message).toContain('at epoch 2, step 5. stage2.conv is the first layer whose output is not finite.')
  })

  it('names the layer whose weights are not finite, in an auxiliary head too', async () => {
    expect(await fail(scale('aux2.fc', Number.NaN))).toContain('The weights of aux2.fc are not finite')
  })

  it('tells values that come in broken', async () => {
    const x = tensor(new Float32Array(6 * 8 * 8 * 3).fill(Number.NaN), [6, 8, 8, 3])
    expect(await fail(() => {}, x)).toContain('The values that come in are not finite')
  })
})

it('takes a step of plain gradient descent as worked out by hand', async () => {
  const model = toyModel()
  const own: Recipe = { ...recipe, optimizer: { kind: 'sgd', momentum: 0 } }
  const learner = learnerOf(model, own)
  const { gradients } = await learner.study({ x: pictures(), labels }, 0, 'here')
  const weight = learner.variables.at(-1)!
  const expected = add(weight, mul(gradients[weight.name]!, -0.1))
  learner.learn(gradients, 0.1)
  expect([...weight.dataSync()]).toEqual([...expected.dataSync()])
  expected.dispose()
  learner.dispose()
  model.dispose()
})
