import { CnnkitError } from '@cnnkit/errors'
import type { PictureDataset } from '@cnnkit/images'
import { type Card, cardOf } from '@cnnkit/layers'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { hits } from '../training/hits.ts'
import { crossEntropy } from '../training/loss.ts'
import { binaryCrossEntropy, huber, squaredError } from './losses.ts'

/** The loss of quantities, as data. */
export type ValueLoss =
  | {
      /** Mean squared error. */
      readonly kind: 'squared'
    }
  | {
      /** Squared for small errors, linear from `delta` on: a wrong label weighs less. */
      readonly kind: 'huber'
      /** Where it becomes linear, in the unit of the quantities; 1 unless given. */
      readonly delta?: number
    }

/** What a network is trained towards. */
export interface Objective {
  /**
   * Mean over the batch.
   *
   * @param truth `[batch]` classes (int32), or a number for each output `[batch, outputs]`
   */
  loss(logits: Tensor2D, truth: Tensor1D | Tensor2D, terms?: LossTerms): Scalar
  /**
   * What accuracy counts, summed over the batch: pictures named rightly; the share of tags decided rightly; the share of the quantities'
   * variance that is told (R2).
   *
   * @param classes `[batch]`, int32
   * @param truth as the loss takes it
   */
  right(logits: Tensor2D, classes: Tensor1D, truth: Tensor1D | Tensor2D): Promise<number>
}

/** What holds in training alone. */
export interface LossTerms {
  /** Share of each label that is spread over all classes. */
  readonly smoothing?: number | undefined
  /** `[classes]`: what a picture of each class counts. */
  readonly classWeights?: Tensor1D | undefined
}

/** Which class is true. */
export const classesObjective: Objective = {
  loss: (logits, truth, { smoothing, classWeights } = {}) => crossEntropy(logits, truth, smoothing, classWeights),
  right: (logits, classes) => hits(logits, classes),
}

/**
 * What a model is trained towards on these pictures: as its head says that its outputs are classes, tags or values.
 *
 * @throws `CLASS_MISMATCH` where the pictures have classes and the outputs are none, or the other way round
 */
export function objectiveOf(
  model: LayersModel,
  data: PictureDataset,
  loss: ValueLoss = { kind: 'squared' },
): Objective {
  const { outputs = 'classes' } = cardOf(model)
  if ((outputs === 'classes') !== (data.target === undefined)) throw mismatch(model, outputs, data)
  if (outputs === 'classes') return classesObjective
  return outputs === 'tags' ? tagsObjective : valuesObjective(data, loss)
}

const tagsObjective: Objective = {
  loss: (logits, truth) => binaryCrossEntropy(logits, truth as Tensor2D),
  right: async (logits, _, truth) => {
    const [said, known] = await Promise.all([logits.data<'float32'>(), truth.data<'float32'>()])
    return said.filter((logit, i) => logit > 0 === known[i]! > 0.5).length / logits.shape[1]
  },
}

function valuesObjective(data: PictureDataset, loss: ValueLoss): Objective {
  const variances = variancesOf(data)
  return {
    loss: (outputs, truth) =>
      loss.kind === 'squared'
        ? squaredError(outputs, truth as Tensor2D)
        : huber(outputs, truth as Tensor2D, loss.delta ?? 1),
    right: async (outputs, _, truth) => {
      const [said, known] = await Promise.all([outputs.data<'float32'>(), truth.data<'float32'>()])
      const width = variances.length
      return said.reduce((sum, value, i) => sum + (1 - (value - known[i]!) ** 2 / variances[i % width]!) / width, 0)
    },
  }
}

/** Of each quantity over the pictures; 1 where it never differs. */
function variancesOf(data: PictureDataset): readonly number[] {
  const rows = Array.from({ length: data.size }, (_, i) => data.target!(i))
  return data.classes.map((_, k) => {
    const mean = rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length
    return rows.reduce((sum, row) => sum + (row[k]! - mean) ** 2, 0) / rows.length || 1
  })
}

function mismatch(model: LayersModel, outputs: NonNullable<Card['outputs']>, data: PictureDataset): CnnkitError {
  const has = data.target ? 'tags or quantities' : 'classes'
  const remedy = data.target
    ? "Give it a head for them: withHead(model, { outputs: 'tags', ... }) or 'values'."
    : 'Give it a head for classes with withHead, or pictures with numbers as targetDataset makes them.'
  return new CnnkitError(
    'transfer',
    'CLASS_MISMATCH',
    `The outputs of ${model.name} are ${outputs}; the pictures have ${has}. ${remedy}`,
  )
}
