import type { TrainingProgress } from '@cnnkit/transfer'
import { type ProgressLine, progressLine } from './terminal/progress.ts'
import { duration, percent } from './terminal/words.ts'

/** A line on the terminal that shows a run of training. */
export interface TrainingProgressLine extends ProgressLine {
  /** What `fineTune` and `fit` take as `onProgress`. */
  onProgress(progress: TrainingProgress): void
}

/** Shows a run of training on the terminal: epoch, step, loss, pictures a second, time left. */
export function trainingProgress(label: string): TrainingProgressLine {
  const line = progressLine(label)
  return {
    ...line,
    onProgress: (progress) => line.update(shareOf(progress), describe(progress)),
  }
}

function shareOf({ phase, epoch, epochs, step, steps }: TrainingProgress): number {
  if (phase === 'features') return step / steps
  return (epoch - 1 + (phase === 'train' ? step / steps : 1)) / epochs
}

function describe(progress: TrainingProgress): string {
  const { phase, epoch, epochs, step, steps, loss, accuracy, imagesPerSecond, secondsLeft } = progress
  const pace = `${imagesPerSecond.toFixed(0)} pictures/s, ${duration(secondsLeft)} left`
  if (phase === 'features') return `features of the frozen part, batch ${step} of ${steps}, ${pace}`
  const measured = loss === undefined ? '' : `, loss ${loss.toFixed(3)}, accuracy ${percent(accuracy ?? 0)}`
  return `epoch ${epoch} of ${epochs}, ${phase === 'train' ? 'step' : 'validation'} ${step} of ${steps}${measured}, ${pace}`
}
