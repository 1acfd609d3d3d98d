import type { EpochSums, RunState } from './checkpoint.ts'
import type { EpochSummary, TrainingProgress } from './progress.ts'

const nothing: EpochSums = { loss: 0, correct: 0, count: 0, seconds: 0 }

/** How far a run is, and what its epochs came to. */
export class RunTally {
  /** Epochs completed. */
  epoch = 0
  /** Batches done in the epoch under way. */
  step = 0
  /** Of all parts of the run. */
  seconds = 0
  readonly history: EpochSummary[] = []
  private sums = nothing
  private readonly epochs: number
  /** Training pictures. */
  private readonly size: number

  constructor({ epochs, size }: { readonly epochs: number; readonly size: number }) {
    this.epochs = epochs
    this.size = size
  }

  /** Counts a batch that was trained on. */
  add(batch: EpochSums): void {
    const { loss, correct, count, seconds } = this.sums
    this.step++
    this.seconds += batch.seconds
    this.sums = {
      loss: loss + batch.loss,
      correct: correct + batch.correct,
      count: count + batch.count,
      seconds: seconds + batch.seconds,
    }
  }

  /** Closes the epoch, with what the held-out pictures came to, and says what it was. */
  close(learningRate: number, held?: EpochSums): EpochSummary {
    const { loss, correct, count, seconds } = this.sums
    const summary: EpochSummary = {
      epoch: this.epoch + 1,
      loss: loss / count,
      accuracy: correct / count,
      ...(held && { validationLoss: held.loss / held.count, validationAccuracy: held.correct / held.count }),
      learningRate,
      seconds: seconds + (held?.seconds ?? 0),
    }
    this.seconds += held?.seconds ?? 0
    this.history.push(summary)
    this.epoch++
    this.step = 0
    this.sums = nothing
    return summary
  }

  /** What is told of the run after a batch of a phase. */
  progress(phase: 'train' | 'validate', step: number, steps: number, learningRate?: number): TrainingProgress {
    const { loss, correct, count } = this.sums
    const done = this.epoch * this.size + count
    return {
      phase,
      epoch: this.epoch + 1,
      epochs: this.epochs,
      step,
      steps,
      ...(learningRate !== undefined && { learningRate, loss: loss / count, accuracy: correct / count }),
      imagesPerSecond: done / this.seconds,
      secondsLeft: ((this.epochs * this.size - done) * this.seconds) / done,
    }
  }

  /** For a checkpoint. */
  state(): Pick<RunState, 'epoch' | 'step' | 'partial' | 'history' | 'seconds'> {
    return {
      epoch: this.epoch,
      step: this.step,
      partial: this.sums,
      history: this.history,
      seconds: this.seconds,
    }
  }

  /** Goes on from where a checkpoint was made. */
  restore({ epoch, step, partial, history, seconds }: ReturnType<RunTally['state']>): void {
    this.epoch = epoch
    this.step = step
    this.sums = partial
    this.seconds = seconds
    this.history.push(...history)
  }
}
