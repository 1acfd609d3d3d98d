import type { PictureDataset } from '@cnnkit/images'
import type { Fact, Run } from '@cnnkit/report'
import type { EpochSummary, Evaluation } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { worstMistakes } from './mistakes.ts'
import { duration, percent } from './terminal/words.ts'

/** What {@link reportRun} needs of a run. */
export interface FinishedRun {
  /** Names the run in every legend. */
  readonly name: string
  /** A sentence on what was done. */
  readonly description?: string
  /** The trained model, which draws the maps of its mistakes. */
  readonly model: LayersModel
  /** Its epochs, for the curves. Left out: a model that was trained elsewhere. */
  readonly history?: readonly EpochSummary[]
  /** How long the training took. */
  readonly seconds?: number
  /** The held-out pictures. */
  readonly dataset: PictureDataset
  /** What `evaluate` gave on these pictures. */
  readonly evaluation: Evaluation
}

/** A run of training as a report shows it: figures, curves, confusion matrix, and the worst mistakes with their maps. */
export async function reportRun(run: FinishedRun): Promise<Run> {
  const { name, description, model, history, seconds, dataset, evaluation } = run
  const { accuracy, interval, total, classes, confusion, perClass, calibration } = evaluation
  return {
    name,
    ...(description !== undefined && { description }),
    accuracy,
    interval: [...interval],
    total,
    facts: factsOf(evaluation, seconds),
    ...(history && { epochs: [...history] }),
    confusion: { classes: [...classes], counts: confusion.map((row) => [...row]) },
    perClass: perClass.map((row) => ({ ...row })),
    calibration: [...calibration],
    mistakes: await worstMistakes(model, dataset, evaluation),
  }
}

function factsOf({ classes, top5, balancedAccuracy, loss, brier }: Evaluation, seconds: number | undefined): Fact[] {
  return [
    ...(seconds === undefined ? [] : [{ label: 'Training', value: duration(seconds) }]),
    ...(classes.length > 5 ? [{ label: 'Top-5 accuracy', value: percent(top5) }] : []),
    { label: 'Mean recall of the classes', value: percent(balancedAccuracy) },
    { label: 'Cross-entropy', value: `${loss.toFixed(3)} nats` },
    { label: 'Brier score', value: brier.toFixed(3) },
  ]
}
