import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import { engine, env, memory, setBackend, type Tensor, type TensorLike, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { relativeError } from './numbers.ts'

/** A tensor apart from any backend. */
export interface Values {
  readonly shape: number[]
  readonly values: TensorLike
  readonly dtype?: 'float32' | 'int32' | 'bool'
}

/** What runs on each backend. */
export type Work = (inputs: Record<string, Tensor>) => Tensor | Tensor[]

/** What a backend gives for some inputs: the values of each result. No tensor is left behind. */
export async function valuesOn(
  backend: string,
  inputs: Readonly<Record<string, Values>>,
  work: Work,
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
    return [work(tensors)].flat()
  })
  const values = []
  for (const result of results) {
    values.push({ shape: result.shape, values: Float32Array.from(await result.data()) })
    result.dispose()
  }
  expect(memory().numTensors).toBe(before)
  return values
}

/** Runs a kernel by name, under TensorFlow.js' own check that it leaves no memory behind. */
export function kernel(name: string, attributes: object = {}): Work {
  return (inputs) => {
    env().set('IS_TEST', true)
    try {
      return engine().runKernel(name, inputs, attributes as never) as Tensor | Tensor[]
    } finally {
      env().set('IS_TEST', false)
    }
  }
}

/** Expects that a backend gives what `cpu` gives, or what `cpu` gives for the same worked out in another way. */
export async function expectAsOnCpu(
  backend: string,
  inputs: Readonly<Record<string, Values>>,
  work: Work,
  tolerance: number,
  { label = '', reference = work }: { readonly label?: string; readonly reference?: Work } = {},
): Promise<void> {
  const expected = await valuesOn('cpu', inputs, reference)
  const actual = await valuesOn(backend, inputs, work)
  expect(
    actual.map(({ shape }) => shape),
    label,
  ).toEqual(expected.map(({ shape }) => shape))
  expected.forEach((result, i) => {
    expect(relativeError(actual[i]!.values, result.values), `${label} result ${i}`).toBeLessThan(tolerance)
  })
}
