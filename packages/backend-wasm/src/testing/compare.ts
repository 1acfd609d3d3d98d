import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import { engine, env, memory, setBackend, type Tensor, type TensorLike, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'

/** Relative error as the house means it: max |a - b| / max |b|. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let [worst, largest] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!))
    largest = Math.max(largest, Math.abs(expected[i]!))
    if (Number.isNaN(actual[i]!) !== Number.isNaN(expected[i]!)) return Number.POSITIVE_INFINITY
  }
  return largest === 0 ? worst : worst / largest
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Values around zero, the same for the same seed. */
export function noise(shape: readonly number[], seed: number): Values {
  const random = seeded(seed)
  const size = shape.reduce((all, side) => all * side, 1)
  return { shape: [...shape], values: Float32Array.from({ length: size }, () => random() + random() + random() - 1.5) }
}

/** A tensor apart from any backend. */
export interface Values {
  readonly shape: number[]
  readonly values: TensorLike
  readonly dtype?: 'float32' | 'int32' | 'bool'
}

/** What a backend gives for some inputs: the values of each result. No tensor is left behind. */
export async function valuesOn(
  backend: string,
  inputs: Readonly<Record<string, Values>>,
  run: (inputs: Record<string, Tensor>) => Tensor | Tensor[],
): Promise<{ shape: number[]; values: Float32Array }[]> {
  await setBackend(backend)
  const before = memory().numTensors
  const results = tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape, dtype }]) => [
        name,
        tensor(values, shape, dtype ?? 'float32'),
      ]),
    )
    const result = run(tensors)
    return (Array.isArray(result) ? result : [result]).map((t) => ({
      shape: t.shape,
      values: Float32Array.from(t.dataSync()),
    }))
  })
  expect(memory().numTensors).toBe(before)
  return results
}

/** Runs a kernel by name, under TensorFlow.js' own check that it leaves no memory behind. */
export function kernel(name: string, attributes: object): (inputs: Record<string, Tensor>) => Tensor | Tensor[] {
  return (inputs) => {
    env().set('IS_TEST', true)
    try {
      return engine().runKernel(name, inputs, attributes as never) as Tensor | Tensor[]
    } finally {
      env().set('IS_TEST', false)
    }
  }
}

/** Expects that `wasm` gives what `cpu` gives, or what `cpu` gives for the same worked out in another way. */
export async function expectSameOnCpu(
  inputs: Readonly<Record<string, Values>>,
  run: (inputs: Record<string, Tensor>) => Tensor | Tensor[],
  tolerance: number,
  label = '',
  reference: typeof run = run,
): Promise<void> {
  const expected = await valuesOn('cpu', inputs, reference)
  const actual = await valuesOn('wasm', inputs, run)
  expect(
    actual.map(({ shape }) => shape),
    label,
  ).toEqual(expected.map(({ shape }) => shape))
  expected.forEach((result, i) => {
    expect(relativeError(actual[i]!.values, result.values), label).toBeLessThan(tolerance)
  })
}
