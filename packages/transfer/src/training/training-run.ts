import { CnnkitError } from '@cnnkit/errors'
import { runStretch, type Stretch } from '@cnnkit/layers'
import { keep, type Tensor2D, tensor1d, tidy, type Variable, variableGrads } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { Recipe } from '../recipes/recipe.ts'
import { scheduleFactor } from '../schedules/schedule.ts'
import { type CheckpointStore, compareRuns, decodeCheckpoint, type EpochSums, encodeCheckpoint } from './checkpoint.ts'
import type { Batch } from './feed.ts'
import { hits } from './hits.ts'
import { crossEntropy } from './loss.ts'
import type { EpochSummary, TrainingProgress } from './progress.ts'

/** What a run works on. */
export interface TrainingRunOptions {
  readonly model: LayersModel
  /** From where features come in to the logits. */
  readonly tail: Stretch
  readonly optimizer: Optimizer
  readonly recipe: Recipe
  readonly epochs: number
  readonly batchSize: number
  /** Training pictures. */
  readonly size: number
  /** What must be the same for a checkpoint to fit. */
  readonly identity: Readonly<Record<string, string | number>>
  readonly onProgress: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
  readonly checkpoint?: CheckpointStore
}

/** Milliseconds between pauses. */
const BREATH = 100

const nothing: EpochSums = { loss: 0, correct: 0, count: 0, seconds: 0 }

/** A run of training: where it stands, one step, and how it is kept and taken up again. It owns the optimizer. */
export class TrainingRun {
  /** Epochs completed. */
  epoch = 0
  /** Steps made in the epoch under way. */
  step = 0
  /** Of all parts of the run. */
  seconds = 0
  readonly history: EpochSummary[] = []
  private sums = nothing
  private breathed = performance.now()
  private readonly options: TrainingRunOptions
  private readonly variables: readonly Variable[]
  /** Factors on the learning rate, in the order of the variables. */
  private readonly rates: readonly number[]
  private readonly steps: number

  constructor(options: TrainingRunOptions) {
    this.options = options
    const { bodyRate = 1 } = options.recipe
    const trained = options.tail.layers.flatMap((layer) => layer.trainableWeights.map((weight) => ({ layer, weight })))
    this.variables = trained.map(({ weight }) => weight.read() as Variable)
    this.rates = trained.map(({ layer }) => (layer.name.startsWith('head.') ? 1 : bodyRate))
    this.steps = Math.ceil(options.size / options.batchSize)
  }

  /** Takes up the run that the checkpoint store holds, if it holds one; says whether it did. */
  async resume(): Promise<boolean> {
    const { checkpoint, optimizer, identity } = this.options
    const bytes = await checkpoint?.load()
    if (!checkpoint || !bytes) return false
    const { state, tensors } = decodeCheckpoint(bytes, checkpoint.name)
    try {
      compareRuns(state.run, identity, checkpoint.name)
      const weights = this.weights()
      weights.forEach((weight, i) => {
        weight.write(tensors[i]!)
      })
      optimizer.restore({ steps: state.optimizerSteps, moments: tensors.slice(weights.length) })
    } finally {
      for (const tensor of tensors) tensor.dispose()
    }
    this.epoch = state.epoch
    this.step = state.step
    this.sums = state.partial
    this.seconds = state.seconds
    this.history.push(...state.history)
    return true
  }

  /** Trains on the batches that are left of the epoch. */
  async trainEpoch(batches: AsyncIterable<Batch>): Promise<void> {
    let since = performance.now()
    for await (const batch of batches) {
      const rate = this.learningRate()
      const { loss, correct } = await this.trainStep(batch, rate)
      this.step++
      const now = performance.now()
      const seconds = (now - since) / 1000
      since = now
      const count = batch.labels.length
      this.seconds += seconds
      this.sums = {
        loss: this.sums.loss + loss * count,
        correct: this.sums.correct + correct,
        count: this.sums.count + count,
        seconds: this.sums.seconds + seconds,
      }
      this.report('train', this.step, this.steps, rate)
      await this.breathe()
      await this.stopIfAsked()
    }
  }

  /** Measures the held-out pictures, closes the epoch and keeps the run. */
  async endEpoch(held: AsyncIterable<Batch> | undefined, size: number): Promise<void> {
    const learningRate = this.learningRate(this.step - 1)
    const measured = held && (await this.validate(held, size))
    const { loss, correct, count, seconds } = this.sums
    this.history.push({
      epoch: this.epoch + 1,
      loss: loss / count,
      accuracy: correct / count,
      ...(measured && { validationLoss: measured.loss / size, validationAccuracy: measured.correct / size }),
      learningRate,
      seconds: seconds + (measured?.seconds ?? 0),
    })
    this.epoch++
    this.step = 0
    this.sums = nothing
    if (this.epoch < this.options.epochs) await this.save()
    await this.stopIfAsked()
  }

  dispose(): void {
    this.options.optimizer.dispose()
  }

  private async trainStep({ x, labels }: Batch, rate: number): Promise<{ loss: number; correct: number }> {
    const { tail, recipe, optimizer } = this.options
    const truth = tensor1d(labels, 'int32')
    let logits: Tensor2D | undefined
    const { value, grads } = variableGrads(() => {
      logits = keep(runStretch(tail, x, { training: true }).clone() as Tensor2D)
      return crossEntropy(logits, truth, recipe.labelSmoothing)
    }, [...this.variables])
    optimizer.step(
      this.variables,
      grads,
      this.rates.map((factor) => factor * rate),
    )
    const correct = await hits(logits!, truth)
    const [loss] = await value.data()
    for (const tensor of [x, truth, logits!, value, ...Object.values(grads)]) tensor.dispose()
    if (Number.isFinite(loss)) return { loss: loss!, correct }
    throw new CnnkitError(
      'transfer',
      'NOT_FINITE',
      `The loss is ${loss} at epoch ${this.epoch + 1}, step ${this.step + 1}, learning rate ${rate.toPrecision(3)}. Use a lower learning rate.`,
    )
  }

  private async validate(held: AsyncIterable<Batch>, size: number): Promise<EpochSums> {
    const started = performance.now()
    let [loss, correct, count, step] = [0, 0, 0, 0]
    for await (const { x, labels } of held) {
      const truth = tensor1d(labels, 'int32')
      const logits = tidy(() => runStretch(this.options.tail, x) as Tensor2D)
      const value = tidy(() => crossEntropy(logits, truth))
      loss += (await value.data())[0]! * labels.length
      correct += await hits(logits, truth)
      count += labels.length
      for (const tensor of [x, truth, logits, value]) tensor.dispose()
      this.report('validate', ++step, Math.ceil(size / this.options.batchSize))
    }
    const seconds = (performance.now() - started) / 1000
    this.seconds += seconds
    return { loss, correct, count, seconds }
  }

  /** Lets timers, signals and the page have a turn now and then: a step waits for nothing that would. */
  private async breathe(): Promise<void> {
    if (performance.now() - this.breathed < BREATH) return
    await new Promise((resolve) => setTimeout(resolve))
    this.breathed = performance.now()
  }

  private learningRate(step: number = this.step): number {
    const { recipe, epochs } = this.options
    return recipe.learningRate * scheduleFactor(recipe.schedule, this.epoch * this.steps + step, epochs * this.steps)
  }

  private report(phase: 'train' | 'validate', step: number, steps: number, learningRate?: number): void {
    const { epochs, size, onProgress } = this.options
    const { loss, correct, count } = this.sums
    const done = this.epoch * size + count
    onProgress({
      phase,
      epoch: this.epoch + 1,
      epochs,
      step,
      steps,
      ...(learningRate !== undefined && { learningRate, loss: loss / count, accuracy: correct / count }),
      imagesPerSecond: done / this.seconds,
      secondsLeft: ((epochs * size - done) * this.seconds) / done,
    })
  }

  private async stopIfAsked(): Promise<void> {
    const { signal, checkpoint } = this.options
    if (!signal?.aborted) return
    await this.save()
    const kept = checkpoint ? ` Its state is in ${checkpoint.name}: run the same again to go on.` : ''
    const where = this.step > 0 ? `epoch ${this.epoch + 1}, step ${this.step}` : `epoch ${this.epoch}`
    throw new CnnkitError('transfer', 'ABORTED', `Training was stopped after ${where}.${kept}`)
  }

  private async save(): Promise<void> {
    const { checkpoint, optimizer, identity } = this.options
    if (!checkpoint) return
    const { steps, moments } = optimizer.state()
    const state = {
      run: identity,
      epoch: this.epoch,
      step: this.step,
      partial: this.sums,
      history: this.history,
      optimizerSteps: steps,
      seconds: this.seconds,
    }
    await checkpoint.save(await encodeCheckpoint(state, [...this.weights().map((w) => w.read()), ...moments]))
  }

  /** All weights of the part that is trained, the moving statistics of its norms included. */
  private weights(): readonly LayersModel['weights'][number][] {
    return this.options.tail.layers.flatMap((layer) => layer.weights)
  }
}
