// He et al. 2015, section 4.2: momentum 0.9, cross-entropy, He's initialisation. The rate is the paper's 0.1, over a short schedule.
import { preprocess, random } from '@cnnkit/images'
import { cardOf, endpoint, runStretch, stretch } from '@cnnkit/layers'
import {
  dispose,
  losses,
  type NamedTensorMap,
  norm,
  train as optimizers,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Cifar10 } from '../../../packages/zoo/src/testing/cifar10.ts'

/** How long and how fast; the same for all networks. */
export interface Schedule {
  readonly steps: number
  readonly batchSize: number
  readonly learningRate: number
  /** Decides which pictures come in which order. */
  readonly seed: number
}

/** What one step showed. */
export interface StepRecord {
  /** From 1. */
  readonly step: number
  /** Of the batch, in nats, before the step. */
  readonly loss: number
  /** Euclidean norm of the gradient of each stage's weights, by its name. */
  readonly gradients: Readonly<Record<string, number>>
}

/** Trains a network from its fresh weights and notes each step. */
export async function train(
  model: LayersModel,
  { pictures, labels }: Cifar10,
  { steps, batchSize, learningRate, seed }: Schedule,
  onStep: (record: StepRecord) => void,
): Promise<readonly StepRecord[]> {
  const { preprocessing } = cardOf(model)
  const whole = stretch(model, model.inputs[0]!, endpoint(model, 'head.logits'))
  const stageOf = new Map(
    model.layers.flatMap((layer) => layer.trainableWeights.map((w) => [w.read() as Variable, stage(layer.name)])),
  )
  const optimizer = optimizers.momentum(learningRate, 0.9)
  const draw = random(seed)
  const records: StepRecord[] = []
  for (let step = 1; step <= steps; step++) {
    const chosen = Array.from({ length: batchSize }, () => draw.integer(pictures.length))
    const x = preprocess(
      chosen.map((i) => pictures[i]!),
      preprocessing,
    )
    const truth = tensor2d(chosen.map((i) => Array.from({ length: 10 }, (_, c) => Number(labels[i] === c))))
    const { value, grads } = variableGrads(() => {
      const logits = runStretch(whole, x, { training: true }) as Tensor2D
      return losses.softmaxCrossEntropy(truth, logits) as Scalar
    }, [...stageOf.keys()])
    const record = { step, loss: (await value.data())[0]!, gradients: await norms(grads, stageOf) }
    optimizer.applyGradients(grads as Parameters<typeof optimizer.applyGradients>[0])
    dispose([x, truth, value])
    dispose(grads)
    records.push(record)
    onStep(record)
  }
  optimizer.dispose()
  // Which TensorFlow.js' momentum forgets to dispose.
  dispose((optimizer as unknown as { c: Tensor }).c)
  return records
}

const stage = (layerName: string): string => layerName.split('.')[0]!

async function norms(
  gradients: NamedTensorMap,
  stageOf: ReadonlyMap<Variable, string>,
): Promise<Record<string, number>> {
  const squares: Record<string, number> = {}
  for (const [variable, name] of stageOf) {
    const length = tidy(() => norm(gradients[variable.name]!))
    squares[name] = (squares[name] ?? 0) + (await length.data())[0]! ** 2
    length.dispose()
  }
  return Object.fromEntries(Object.entries(squares).map(([name, square]) => [name, Math.sqrt(square)]))
}
