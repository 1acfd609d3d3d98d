import { CnnkitError } from '@cnnkit/errors'
import { type ImageSource, type Preprocessing, preprocess } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { sigmoid, softmax, type Tensor, type Tensor2D, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ActivationMap, scaleMap } from '../activation-map.ts'
import { activationOf } from '../logits.ts'
import { type Network, networkOf, runSteps, sectionBelow, type Values } from '../network.ts'

/** Options of the metrics that change a picture and look what becomes of the score. */
export interface MetricOptions {
  /** The class whose score is looked at; the map's own unless given. */
  readonly target?: number
  /** `probability` is what the network says after softmax (or its sigmoid), `logit` what it says before; `probability` unless given. */
  readonly score?: 'probability' | 'logit'
  /** What is done to a picture before the network sees it; what the model's card says unless given. */
  readonly preprocessing?: Preprocessing
  /** How many changed pictures go through the network at once; 16 unless given. */
  readonly batchSize?: number
  /** Stops between batches; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}

/** One picture as a network sees it, the map of it, and what the network says of changed forms. */
export interface Judged {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** The network's input, row by row, channels last. */
  readonly pixels: Float32Array
  /** The map at the size of the input, `height * width` values from 0 to 1. */
  readonly heat: Float32Array
  /** The scores of inputs like `pixels`; a generator may give the same array anew each time, as it is copied. */
  score(inputs: Iterable<Float32Array>): Promise<Float32Array>
}

/** @throws `NO_CLASS`, `UNKNOWN_CLASS`, `NO_LOGITS` and what `preprocess` throws */
export async function judged(
  model: LayersModel,
  image: ImageSource,
  map: ActivationMap,
  options: MetricOptions,
): Promise<Judged> {
  const input = preprocess(image, options.preprocessing ?? cardOf(model).preprocessing)
  const [, height, width, channels] = input.shape
  const pixels = (await input.data()) as Float32Array
  input.dispose()
  const network = networkOf(model)
  const target = targetOf(network, map, options)
  return {
    height,
    width,
    channels,
    pixels,
    heat: scaleMap(map, height, width),
    score: async (inputs) => {
      const scores: number[] = []
      for (const { values, count } of batched(inputs, pixels.length, options.batchSize ?? 16)) {
        throwIfAborted(options.signal)
        const batch = tidy(() => scoresOf(network, tensor4d(values, [count, height, width, channels]), options.score))
        const rows = await batch.data()
        for (let row = 0; row < count; row++) scores.push(rows[row * batch.shape[1] + target]!)
        batch.dispose()
      }
      return Float32Array.from(scores)
    },
  }
}

function targetOf({ model }: Network, map: ActivationMap, options: MetricOptions): number {
  const target = options.target ?? map.target
  if (target === undefined) {
    throw new CnnkitError(
      'cam',
      'NO_CLASS',
      `This map of ${map.method} is for no class, so there is no score to look at. Give a class as target.`,
    )
  }
  const classes = model.outputs[0]!.shape.at(-1)!
  if (Number.isInteger(target) && target >= 0 && target < classes) return target
  throw new CnnkitError(
    'cam',
    'UNKNOWN_CLASS',
    `No class ${target}. ${model.name} has ${classes} classes, from 0 to ${classes - 1}.`,
  )
}

function scoresOf(network: Network, inputs: Tensor, score: MetricOptions['score'] = 'probability'): Tensor2D {
  const values: Values = new Map([[network.input, inputs]])
  runSteps(sectionBelow(network, [network.output]), values, { apply: network.apply, retain: [network.output] })
  const logits = values.get(network.output) as Tensor2D
  if (score === 'logit') return logits
  const isSigmoid = network.final && activationOf(network.final.step.layer) === 'sigmoid'
  return isSigmoid ? sigmoid(logits) : softmax(logits)
}

function* batched(
  inputs: Iterable<Float32Array>,
  length: number,
  batchSize: number,
): Generator<{ values: Float32Array; count: number }> {
  let [values, count] = [new Float32Array(batchSize * length), 0]
  for (const input of inputs) {
    values.set(input, count * length)
    count++
    if (count < batchSize) continue
    yield { values, count }
    // A tensor may keep the array it was made of.
    values = new Float32Array(batchSize * length)
    count = 0
  }
  if (count > 0) yield { values: values.subarray(0, count * length), count }
}

/** @throws `ABORTED` */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CnnkitError('cam', 'ABORTED', 'Stopped before all was measured.')
}
