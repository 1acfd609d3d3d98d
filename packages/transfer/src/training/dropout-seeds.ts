import { random } from '@cnnkit/images'
import type { layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

interface Seeded extends Layer {
  seed: number | undefined
}

/**
 * Decides what layers drop in a step by the run's seed: TensorFlow.js' own draw anew in each run, or the same in each step. So a run that
 * goes on after a stop drops what an unbroken one would have.
 */
export class DropoutSeeds {
  private readonly layers: readonly Seeded[]
  private readonly before: readonly (number | undefined)[]
  private readonly seed: number

  constructor(all: readonly Layer[], seed: number) {
    this.layers = all.filter((layer): layer is Seeded => layer.getClassName().endsWith('Dropout') && 'seed' in layer)
    this.before = this.layers.map((layer) => layer.seed)
    this.seed = seed
  }

  /** @param step counted over the whole run */
  set(step: number): void {
    if (this.layers.length === 0) return
    const draws = random(this.seed, step)
    for (const layer of this.layers) layer.seed = draws.integer(2 ** 31 - 1) + 1
  }

  /** Gives the layers back what they had, which a saved model shows. */
  restore(): void {
    this.layers.forEach((layer, i) => {
      layer.seed = this.before[i]
    })
  }
}
