import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Engine } from '../../engine/engine.ts'

/** So many are kept: a network has some hundred. */
const most = 4096

/** What was worked out from shapes and options for a kernel, by engine: it takes longer than a small convolution. */
export class KnownPlans<Value> {
  readonly #byEngine = new WeakMap<Engine, Map<string, Value>>()

  /** What was made for a key, or is made now. */
  of(engine: Engine, key: string, make: () => Value): Value {
    const known = this.#byEngine.get(engine) ?? new Map<string, Value>()
    this.#byEngine.set(engine, known)
    const there = known.get(key)
    if (there !== undefined) return there
    if (known.size >= most) known.clear()
    const made = make()
    known.set(key, made)
    return made
  }
}

/** All that the plan of a convolution depends on. */
export function keyOf(x: TensorInfo, filter: TensorInfo, attributes: Readonly<Record<string, unknown>>): string {
  const { strides, pad, dilations, dataFormat, dimRoundingMode, activation, groups } = attributes
  return `${x.shape} ${filter.shape} ${strides} ${pad} ${dilations} ${dataFormat} ${dimRoundingMode} ${activation} ${groups}`
}
