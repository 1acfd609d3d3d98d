import { engine, type GradFunc, getGradient, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core'
import type { layers as tfLayers } from '@tensorflow/tfjs-layers'
import type { KernelCall } from '../calls/kernel-call.ts'

/** A call, and what called it. */
export interface CollectedCall extends KernelCall {
  /** Class name of the layer whose `call` ran it, if any did. */
  readonly layer?: string
  /** The forward kernel whose gradient ran it, or the layer, where that brings a gradient of its own, if any did. */
  readonly gradientOf?: string
}

/** Options of {@link collectKernels}. */
export interface CollectOptions {
  /** Layers that calls are told by. */
  readonly layers?: readonly tfLayers.Layer[]
}

/**
 * Every kernel that TensorFlow.js' engine runs, on whichever backend, while a function runs. A kernel that a kernel runs is its own
 * business and is not told: a backend that has a fast form does without.
 */
export async function collectKernels<Result>(
  run: () => Result | Promise<Result>,
  { layers = [] }: CollectOptions = {},
): Promise<{ readonly result: Result; readonly calls: readonly CollectedCall[] }> {
  const listener = new Listener()
  listener.start(layers)
  try {
    return { result: await run(), calls: listener.calls }
  } finally {
    listener.stop()
  }
}

interface Params {
  readonly kernelName?: string
  readonly inputs: Readonly<Record<string, Tensor | null | undefined>>
  readonly attrs?: NamedAttrMap
  /** Of an operation that is no kernel and brings its gradient along. */
  readonly backwardsFunc?: (...given: unknown[]) => unknown
}

/** The one door through which all operations go; TensorFlow.js' `profile` stands behind it too, but drops the attributes. */
interface Door {
  runKernelFunc?: (params: Params) => unknown
}

class Listener {
  readonly calls: CollectedCall[] = []
  readonly #undo: (() => void)[] = []
  readonly #layers: string[] = []
  readonly #gradients: string[] = []
  readonly #wrapped = new Set<string>()
  #within = 0

  start(layers: readonly tfLayers.Layer[]): void {
    const door = engine() as unknown as Door
    const through = door.runKernelFunc!
    door.runKernelFunc = (params) => {
      if (this.#within > 0) return through.call(door, params)
      if (params.kernelName === undefined) return through.call(door, this.#withGradientTold(params))
      this.#listenToGradient(params.kernelName)
      this.#note(params, params.kernelName)
      return this.#nested(() => through.call(door, params))
    }
    // The method is the class's: taking the own property away brings it back.
    this.#undo.push(() => delete door.runKernelFunc)
    for (const layer of layers) this.#listenToLayer(layer)
  }

  stop(): void {
    for (const undo of this.#undo) undo()
  }

  #note({ inputs, attrs = {} }: Params, kernel: string): void {
    const given = Object.entries(inputs).filter((entry): entry is [string, Tensor] => entry[1] != null)
    const [layer, gradientOf] = [this.#layers.at(-1), this.#gradients.at(-1)]
    this.calls.push({
      kernel,
      inputs: Object.fromEntries(given.map(([name, { shape, dtype }]) => [name, { shape: [...shape], dtype }])),
      attributes: structuredClone(attrs) as KernelCall['attributes'],
      ...(layer !== undefined && { layer }),
      ...(gradientOf !== undefined && { gradientOf }),
    })
  }

  #nested<T>(run: () => T): T {
    this.#within++
    try {
      return run()
    } finally {
      this.#within--
    }
  }

  #listenToLayer(layer: tfLayers.Layer): void {
    const call = layer.call
    layer.call = (...given) => during(this.#layers, layer.getClassName(), () => call.apply(layer, given))
    this.#undo.push(() => {
      layer.call = call
    })
  }

  #withGradientTold(params: Params): Params {
    const [layer, { backwardsFunc }] = [this.#layers.at(-1), params]
    if (layer === undefined || backwardsFunc === undefined) return params
    return { ...params, backwardsFunc: (...given) => during(this.#gradients, layer, () => backwardsFunc(...given)) }
  }

  /** The tape takes a kernel's gradient as it is when the kernel runs. */
  #listenToGradient(kernel: string): void {
    if (this.#wrapped.has(kernel)) return
    this.#wrapped.add(kernel)
    const config = getGradient(kernel)
    if (config === undefined) return
    const { gradFunc } = config
    const wrapped: GradFunc = (...given) => {
      const closures = during(this.#gradients, kernel, () => gradFunc(...given))
      const told = Object.entries(closures).map(([name, closure]) => [
        name,
        () => during(this.#gradients, kernel, closure),
      ])
      return Object.fromEntries(told) as typeof closures
    }
    config.gradFunc = wrapped
    this.#undo.push(() => {
      config.gradFunc = gradFunc
    })
  }
}

function during<T>(stack: string[], name: string, run: () => T): T {
  stack.push(name)
  try {
    return run()
  } finally {
    stack.pop()
  }
}
