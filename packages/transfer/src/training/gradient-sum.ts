import { add, dispose, div, mul, type NamedTensorMap, type Tensor, tidy } from '@tensorflow/tfjs-core'

/** What waits for a step, less the tensors. */
export interface Waiting {
  /** Pictures so far. */
  readonly pictures: number
  /** Which variables have a gradient, by their places in the run's list. */
  readonly places: readonly number[]
}

/** Gradients of several batches that add up to one step. It holds tensors: dispose it. */
export class GradientSum {
  /** Pictures so far. */
  count = 0
  private sums: NamedTensorMap = {}

  /** Adds the gradients of the mean loss of so many pictures, which are disposed. */
  add(gradients: NamedTensorMap, count: number): void {
    this.count += count
    for (const [name, gradient] of Object.entries(gradients)) {
      const before = this.sums[name]
      this.sums[name] = tidy(() => {
        const scaled = mul(gradient, count)
        return before ? add(before, scaled) : scaled
      })
      dispose(before ? [before, gradient] : gradient)
    }
  }

  /** The gradients of the mean loss over all of them, for the caller; it begins anew. */
  take(): NamedTensorMap {
    const mean = Object.fromEntries(Object.entries(this.sums).map(([name, sum]) => [name, div(sum, this.count)]))
    this.dispose()
    return mean
  }

  /** What a resumed run needs: which of some variables have a sum, by their places, and the sums. The tensors are its own. */
  state(names: readonly string[]): { readonly waiting: Waiting; readonly gradients: readonly Tensor[] } {
    const places = [...names.keys()].filter((i) => this.sums[names[i]!] !== undefined)
    return { waiting: { pictures: this.count, places }, gradients: places.map((i) => this.sums[names[i]!]!) }
  }

  /** Takes over a state; its tensors are copied. */
  restore(names: readonly string[], { pictures, places }: Waiting, gradients: readonly Tensor[]): void {
    this.dispose()
    this.count = pictures
    places.forEach((place, i) => {
      this.sums[names[place]!] = gradients[i]!.clone()
    })
  }

  dispose(): void {
    dispose(this.sums)
    this.sums = {}
    this.count = 0
  }
}
