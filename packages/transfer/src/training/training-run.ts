import { CnnkitError } from '@cnnkit/errors'
import type { Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { classesObjective } from '../objective/objective.ts'
import { WeightAverage } from '../optimizers/average.ts'
import { breather } from './breather.ts'
import {
  type CheckpointStore,
  compareRuns,
  decodeCheckpoint,
  disposeRun,
  type EpochSums,
  encodeCheckpoint,
} from './checkpoint.ts'
import type { Batch } from './feed.ts'
import { GradientSum } from './gradient-sum.ts'
import { Learner, type LearnerOptions } from './learner.ts'
import { measure } from './measure.ts'
import type { TrainingProgress } from './progress.ts'
import { RateCourse } from './rate-course.ts'
import { RunTally } from './run-tally.ts'

/** What a run works on. */
export interface TrainingRunOptions extends LearnerOptions {
  readonly epochs: number
  readonly batchSize: number
  /** Batches whose gradients add up to one step. */
  readonly accumulate: number
  /** Training pictures. */
  readonly size: number
  /** What must be the same for a checkpoint to fit. */
  readonly identity: Readonly<Record<string, string | number>>
  readonly onProgress: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
  readonly checkpoint?: CheckpointStore
}

/** A run of training: where it stands, one step, and how it is kept and taken up again. */
export class TrainingRun {
  /** How far it is. */
  readonly tally: RunTally
  private readonly breathe = breather()
  private readonly course: RateCourse
  private readonly options: TrainingRunOptions
  private readonly learner: Learner
  private readonly waiting = new GradientSum()
  private readonly average: WeightAverage | undefined
  /** Batches an epoch. */
  private readonly steps: number

  constructor(options: TrainingRunOptions) {
    this.options = options
    this.tally = new RunTally(options)
    this.learner = new Learner(options)
    const { average } = options.recipe
    const moving = options.forward.layers.filter((layer) => layer.trainable).flatMap((layer) => layer.weights)
    this.average =
      average &&
      new WeightAverage(
        moving.map((weight) => weight.read() as Variable),
        average,
      )
    this.steps = Math.ceil(options.size / options.batchSize)
    this.course = new RateCourse(options.recipe, { ...options, batches: this.steps })
  }

  /** Takes up the run that the checkpoint store holds, if it holds one; says whether it did. */
  async resume(): Promise<boolean> {
    const { checkpoint, identity } = this.options
    const bytes = await checkpoint?.load()
    if (!checkpoint || !bytes) return false
    const { state, tensors } = decodeCheckpoint(bytes, checkpoint.name)
    try {
      compareRuns(state.run, identity, checkpoint.name)
      this.weights().forEach((weight, i) => {
        weight.write(tensors.weights[i]!)
      })
      this.learner.optimizer.restore({ steps: state.optimizerSteps, moments: tensors.moments })
      this.average?.restore({ steps: state.averageSteps, averages: tensors.averages })
      this.waiting.restore(this.names(), state.waiting, tensors.gradients)
    } finally {
      disposeRun(tensors)
    }
    this.tally.restore(state)
    this.course.plateau = state.plateau
    return true
  }

  /** Trains on the batches that are left of the epoch. */
  async trainEpoch(batches: AsyncIterable<Batch>): Promise<void> {
    let since = performance.now()
    for await (const batch of batches) {
      const rate = this.course.at(this.tally.epoch, this.tally.step)
      const { loss, correct } = await this.trainStep(batch, rate)
      const now = performance.now()
      const count = batch.labels.length
      this.tally.add({ loss: loss * count, correct, count, seconds: (now - since) / 1000 })
      since = now
      this.options.onProgress(this.tally.progress('train', this.tally.step, this.steps, rate))
      await this.breathe()
      await this.stopIfAsked()
    }
  }

  /** Measures the held-out pictures, closes the epoch and keeps the run. */
  async endEpoch(held: AsyncIterable<Batch> | undefined, size: number): Promise<void> {
    const learningRate = this.course.at(this.tally.epoch, this.tally.step - 1)
    const measured = held && (await this.averaged(() => this.validate(held, size)))
    this.course.watch(this.tally.close(learningRate, measured))
    if (this.tally.epoch < this.options.epochs) await this.save()
    await this.stopIfAsked()
  }

  /** Leaves the model with the weights that the run ends with: their averages, where the recipe has such. */
  finish(): void {
    this.average?.swap()
  }

  dispose(): void {
    this.learner.dispose()
    this.waiting.dispose()
    this.average?.dispose()
  }

  private async trainStep(batch: Batch, rate: number): Promise<{ loss: number; correct: number }> {
    const { accumulate } = this.options
    const { epoch, step } = this.tally
    const where = `epoch ${epoch + 1}, step ${step + 1}, learning rate ${rate.toPrecision(3)}`
    const lesson = await this.learner.study(batch, epoch * this.steps + step, where)
    if (accumulate === 1) this.move(lesson.gradients, rate)
    else {
      this.waiting.add(lesson.gradients, batch.labels.length)
      const full = (step + 1) % accumulate === 0 || step + 1 === this.steps
      if (full) this.move(this.waiting.take(), rate)
    }
    return lesson
  }

  private move(gradients: Parameters<Learner['learn']>[0], rate: number): void {
    this.learner.learn(gradients, rate)
    this.average?.follow()
  }

  /** Does something while the averages stand in the place of the weights. */
  private async averaged<T>(work: () => Promise<T>): Promise<T> {
    this.average?.swap()
    try {
      return await work()
    } finally {
      this.average?.swap()
    }
  }

  private validate(held: AsyncIterable<Batch>, size: number): Promise<EpochSums> {
    const { forward, batchSize, objective = classesObjective, onProgress } = this.options
    const steps = Math.ceil(size / batchSize)
    return measure(forward.tail, held, objective, (step) => onProgress(this.tally.progress('validate', step, steps)))
  }

  private async stopIfAsked(): Promise<void> {
    const { signal, checkpoint } = this.options
    if (!signal?.aborted) return
    await this.save()
    const kept = checkpoint ? ` Its state is in ${checkpoint.name}: run the same again to go on.` : ''
    const { epoch, step } = this.tally
    const where = step > 0 ? `epoch ${epoch + 1}, step ${step}` : `epoch ${epoch}`
    throw new CnnkitError('transfer', 'ABORTED', `Training was stopped after ${where}.${kept}`)
  }

  private async save(): Promise<void> {
    const { checkpoint, identity } = this.options
    if (!checkpoint) return
    const { steps: optimizerSteps, moments } = this.learner.optimizer.state()
    const { waiting, gradients } = this.waiting.state(this.names())
    const { steps: averageSteps, averages } = this.average?.state() ?? { steps: 0, averages: [] }
    const state = {
      run: identity,
      ...this.tally.state(),
      optimizerSteps,
      averageSteps,
      waiting,
      plateau: this.course.plateau,
    }
    const weights = this.weights().map((weight) => weight.read())
    await checkpoint.save(await encodeCheckpoint(state, { weights, moments, averages, gradients }))
  }

  private names(): readonly string[] {
    return this.learner.variables.map(({ name }) => name)
  }

  /** All weights of the part that is trained, the moving statistics of its norms included. */
  private weights(): readonly LayersModel['weights'][number][] {
    return this.options.forward.layers.flatMap((layer) => layer.weights)
  }
}
