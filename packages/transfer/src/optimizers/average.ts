import { add, mul, sub, type Tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core'

/** How weights are averaged over the run, as data (Polyak and Juditsky 1992, with a share that fades). */
export interface Average {
  /** Share of the old average that each step keeps: 0.9999 averages over some ten thousand steps. */
  readonly decay: number
  /** Whether the share grows to that from 0.1, as `(1 + steps) / (10 + steps)`, so that short runs are not held at their start (TensorFlow's `num_updates`). No unless given. */
  readonly rampUp?: boolean
}

/** See {@link WeightAverage.state}. */
export interface AverageState {
  readonly steps: number
  readonly averages: readonly Tensor[]
}

/** The exponential moving average of some weights, as `tf.train.ExponentialMovingAverage`. It holds tensors: dispose it. */
export class WeightAverage {
  private readonly variables: readonly Variable[]
  private readonly spec: Average
  private averages: Variable[]
  private steps = 0

  /** Averages start from where the weights are. */
  constructor(variables: readonly Variable[], spec: Average) {
    this.variables = variables
    this.spec = spec
    this.averages = variables.map((weight) => tidy(() => variable(weight, false)))
  }

  /** Moves the averages on, after each step. */
  follow(): void {
    const { decay, rampUp } = this.spec
    const kept = rampUp ? Math.min(decay, (1 + this.steps) / (10 + this.steps)) : decay
    this.steps++
    this.variables.forEach((weight, i) => {
      const average = this.averages[i]!
      // So and not as two shares, as what does not move then stays the same to the bit.
      tidy(() => average.assign(add(average, mul(sub(weight, average), 1 - kept))))
    })
  }

  /** Puts the averages in the place of the weights; again, and each is back where it was. */
  swap(): void {
    this.variables.forEach((weight, i) => {
      tidy(() => {
        const own = weight.clone()
        weight.assign(this.averages[i]!)
        this.averages[i]!.assign(own)
      })
    })
  }

  /** What a resumed run needs. The tensors are its own: read them, do not dispose them. */
  state(): AverageState {
    return { steps: this.steps, averages: this.averages }
  }

  /** Takes over a state; its tensors are copied. */
  restore({ steps, averages }: AverageState): void {
    const before = this.averages
    this.steps = steps
    this.averages = averages.map((tensor) => variable(tensor, false))
    for (const tensor of before) tensor.dispose()
  }

  dispose(): void {
    for (const tensor of this.averages) tensor.dispose()
    this.averages = []
  }
}
