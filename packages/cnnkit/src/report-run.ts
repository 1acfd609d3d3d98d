import type { PictureDataset } from '@cnnkit/images'
import type { Run } from '@cnnkit/report'
import type { EpochSummary, Evaluation } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { worstMistakes } from './mistakes.ts'
import { duration } from './terminal/words.ts'

/** What {@link reportRun} needs of a run. */
export interface FinishedRun {
  /** Names the run in every legend. */
  readonly name: string
  /** A sentence on what was done. */
  readonly description?: string
  /** The trained model, which draws the maps of its mistakes. */
  readonly model: LayersModel
  /** Its epochs, for the curves. */
  readonly history: readonly EpochSummary[]
  /** How long the training took. */
  readonly seconds: number
  /** The held-out pictures. */
  readonly dataset: PictureDataset
  /** What `evaluate` gave on these pictures. */
  readonly evaluation: Evaluation
}

/** A run of training as a report shows it: figures, curves, confusion matrix, and the worst mistakes with their maps. */
export async function reportRun(run: FinishedRun): Promise<Run> {
  const { name, description, model, history, seconds, dataset, evaluation } = run
  const { accuracy, interval, total, classes, confusion, perClass } = evaluation
  return {
    name,
    ...(description !== undefined && { description }),
    accuracy,
    interval: [...interval],
    total,
    facts: [{ label: 'Training', value: duration(seconds) }],
    epochs: [...history],
    confusion: { classes: [...classes], counts: confusion.map((row) => [...row]) },
    perClass: perClass.map((row) => ({ ...row })),
    mistakes: await worstMistakes(model, dataset, evaluation),
  }
}
