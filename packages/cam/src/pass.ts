import {
  add,
  dispose,
  grads,
  keep,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
  tile,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { guided } from './guided.ts'
import type { Evidence, Gradients } from './method.ts'
import { type Network, runSteps, sectionAbove, sectionBelow, type Values } from './network.ts'
import { pooledSection } from './pooled.ts'
import type { Apply, Step } from './step.ts'
import type { Scorer } from './target.ts'

/**
 * A batch on its way through a network: the way up to the layers that are read is run once, the gradient of all of them is
 * taken in one run of what follows.
 */
export class Pass {
  readonly #network: Network
  readonly #inputs: Tensor4D
  readonly #layers: readonly number[]
  readonly #scorer: Scorer
  /** What the layers hand on, and what else is needed to go on from them. */
  readonly #held: Values
  #gradients: readonly Tensor4D[] | undefined
  #guided: Tensor4D | undefined
  #logits: Tensor2D | undefined

  /** @param layers ids of the tensors that are read; the pass disposes of neither the inputs nor the scorer */
  constructor(network: Network, inputs: Tensor4D, layers: readonly number[], scorer: Scorer) {
    this.#network = network
    this.#inputs = inputs
    this.#layers = layers
    this.#scorer = scorer
    this.#held = this.#wayUp()
  }

  /** What a method sees at one of the layers, counted as they were given. */
  evidence(index: number): Evidence {
    const id = this.#layers[index]!
    return {
      inputs: this.#inputs,
      activations: this.#held.get(id) as Tensor4D,
      gradients: () => this.#allGradients()[index]!,
      guidedGradients: () => this.#guidedGradients(),
      scores: () => tidy(() => this.#scorer.ofPictures(this.#ownLogits())),
      classWeights: () => tidy(() => this.#classWeights(id)),
      scoreGrids: (grids, picture) => tidy(() => this.#scoreGrids(id, grids, picture)),
      scoreInputs: (inputs, picture) => tidy(() => this.#scoreInputs(inputs, picture)),
      gradientsOf: (inputs) => tidy(() => this.#gradientsOf(id, inputs)),
    }
  }

  /** Lets go of all that the pass holds. */
  dispose(): void {
    for (const [id, value] of this.#held) if (id !== this.#network.input) value.dispose()
    dispose([...(this.#gradients ?? []), ...[this.#guided, this.#logits].flatMap((tensor) => tensor ?? [])])
  }

  /** Runs what lies below the layers, and holds what is needed to go on from each of them alone and from all at once. */
  #wayUp(): Values {
    const sections = [this.#layers, ...this.#layers.map((id) => [id])].map((ids) => sectionAbove(this.#network, ids))
    const held = this.#run(this.#inputs, [...this.#layers, ...sections.flatMap(({ open }) => open)])
    for (const value of held.values()) keep(value)
    return held
  }

  /** The values of some tensors for a batch of inputs. */
  #run(inputs: Tensor4D, retain: readonly number[]): Values {
    const values: Values = new Map([[this.#network.input, inputs]])
    runSteps(sectionBelow(this.#network, retain), values, { apply: this.#network.apply, retain })
    return values
  }

  #logitsOf(inputs: Tensor4D): Tensor2D {
    const { output } = this.#network
    return this.#run(inputs, [output]).get(output) as Tensor2D
  }

  #scoreInputs(inputs: Tensor4D, picture: number): Tensor1D {
    return this.#scorer.ofRows(this.#logitsOf(inputs), this.#known(picture))
  }

  #ownLogits(): Tensor2D {
    if (this.#logits) return this.#logits
    const { output, apply } = this.#network
    const values = new Map(this.#held)
    runSteps(sectionAbove(this.#network, this.#layers).steps, values, { apply, retain: [output] })
    this.#logits = keep(values.get(output) as Tensor2D)
    return this.#logits
  }

  /** A picture whose class is known from here on. */
  #known(picture: number): number {
    if (this.#scorer.waits) this.#scorer.ofPictures(this.#ownLogits())
    return picture
  }

  #scoreGrids(id: number, grids: Tensor4D, picture: number): Tensor1D {
    const { output, apply } = this.#network
    const { steps, open } = sectionAbove(this.#network, [id])
    const values: Values = new Map([[id, grids]])
    for (const other of open) values.set(other, repeated(this.#held.get(other)!, picture, grids.shape[0]))
    runSteps(steps, values, { apply, retain: [output] })
    return this.#scorer.ofRows(values.get(output) as Tensor2D, this.#known(picture))
  }

  #allGradients(): readonly Tensor4D[] {
    this.#gradients ??= tidy(() => this.#gradientsAt(this.#layers, this.#held).map((gradient) => keep(gradient)))
    return this.#gradients
  }

  #gradientsOf(id: number, inputs: Tensor4D): Gradients {
    this.#known(0)
    const held = this.#run(inputs, [id, ...sectionAbove(this.#network, [id]).open])
    const [gradients] = this.#gradientsAt([id], held)
    return { activations: held.get(id) as Tensor4D, gradients: gradients! }
  }

  #guidedGradients(): Tensor4D {
    const { input, steps, apply } = this.#network
    const values: Values = new Map([[input, this.#inputs]])
    this.#guided ??= tidy(() => keep(this.#gradient([input], { steps, values, apply: guided(apply) })[0] as Tensor4D))
    return this.#guided
  }

  #classWeights(id: number): Tensor2D {
    const { pooling, steps } = pooledSection(this.#network, id)
    const pooled = this.#network.apply(pooling, [this.#held.get(id)!]) as Tensor
    const at = pooling.outputs[0]!.id
    const [weights] = this.#gradient([at], { steps, values: new Map([[at, pooled]]), apply: this.#network.apply })
    return reshape(weights!, [pooled.shape[0]!, -1])
  }

  #gradientsAt(ids: readonly number[], held: Values): readonly Tensor4D[] {
    const { steps, open } = sectionAbove(this.#network, ids)
    const values = new Map([...ids, ...open].map((id) => [id, held.get(id)!]))
    return this.#gradient(ids, { steps, values, apply: this.#network.apply }) as Tensor4D[]
  }

  /**
   * The gradient of the pictures' scores for some tensors, all in one run of the steps. Those that a step makes are added
   * to what it makes as zeros, so that the gradient reaches them and goes on to those before.
   */
  #gradient(ids: readonly number[], { steps, values, apply }: Run): readonly Tensor[] {
    const made = new Set(steps.flatMap(({ outputs }) => outputs.map(({ id }) => id)))
    const variables = ids.map((id) => (made.has(id) ? zerosLike(values.get(id)!) : values.get(id)!))
    return grads((...given: Tensor[]) => {
      const run = new Map([...values].filter(([id]) => !made.has(id)))
      ids.forEach((id, i) => {
        if (!made.has(id)) run.set(id, given[i]!)
      })
      const tap = (value: Tensor, id: number): Tensor =>
        ids.includes(id) ? add(value, given[ids.indexOf(id)]!) : value
      runSteps(steps, run, { apply, tap })
      const logits = run.get(this.#network.output) as Tensor2D
      return this.#scorer.ofPictures(logits)
    })(variables)
  }
}

interface Run {
  readonly steps: readonly Step[]
  readonly values: Values
  readonly apply: Apply
}

/** One row of a batch, so many times. */
function repeated(values: Tensor, row: number, times: number): Tensor {
  const rest = values.shape.slice(1)
  const one = slice(values, [row, ...rest.map(() => 0)], [1, ...rest])
  return tile(one, [times, ...rest.map(() => 1)])
}
