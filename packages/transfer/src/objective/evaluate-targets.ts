import { CnnkitError } from '@cnnkit/errors'
import { batches, type PictureDataset } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { EvaluateOptions } from '../evaluation/evaluate.ts'
import { type TagFigures, tagFigures, type ValueFigures, valueFigures } from './figures.ts'
import { objectiveOf } from './objective.ts'

/** How a model fares on pictures that have tags or quantities. */
export interface TargetEvaluation {
  /** What the model gave, a row a picture, in the order of the data set. */
  readonly outputs: readonly (readonly number[])[]
  /** Of each tag, where the outputs are tags; a picture is given those above one half. */
  readonly tags?: readonly TagFigures[]
  /** Of each quantity, where the outputs are values. */
  readonly values?: readonly ValueFigures[]
}

/**
 * Runs a model over pictures that have tags or quantities, and counts.
 *
 * @throws `CLASS_MISMATCH` where the pictures have classes, or the model's outputs are classes; `NO_CARD`, `ABORTED`
 */
export async function evaluateTargets(
  model: LayersModel,
  data: PictureDataset,
  { batchSize = 16, onProgress, signal }: EvaluateOptions = {},
): Promise<TargetEvaluation> {
  objectiveOf(model, data)
  const { preprocessing, outputs: kind } = cardOf(model)
  const outputs: number[][] = []
  for await (const { images } of batches(data, { batchSize, preprocessing })) {
    const given = tidy(() => model.predict(images) as Tensor2D)
    images.dispose()
    outputs.push(...(await given.array()))
    given.dispose()
    onProgress?.({ done: outputs.length, total: data.size })
    if (signal?.aborted) {
      throw new CnnkitError('transfer', 'ABORTED', `Evaluation was stopped after ${outputs.length} pictures.`)
    }
  }
  const truth = Array.from({ length: data.size }, (_, i) => data.target?.(i) ?? [])
  const column = (rows: readonly (readonly number[])[], k: number): number[] => rows.map((row) => row[k]!)
  if (kind === 'values') {
    return { outputs, values: data.classes.map((name, k) => valueFigures(name, column(outputs, k), column(truth, k))) }
  }
  return { outputs, tags: data.classes.map((name, k) => tagFigures(name, column(outputs, k), column(truth, k), 0.5)) }
}
