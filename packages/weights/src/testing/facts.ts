import type { WeightFile } from '../weight-file.ts'

/** A tensor as the reference scripts write it down. */
export interface TensorFacts {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  /** As float32; those that JSON cannot hold are Python's words. */
  readonly values: readonly (number | string)[]
}

/** All tensors of a file, read. */
export const factsOf = ({ tensors }: WeightFile): Promise<TensorFacts[]> =>
  Promise.all(
    tensors.map(async ({ name, shape, dtype, read }) => ({
      name,
      shape,
      dtype,
      values: Array.from(await read(), plain),
    })),
  )

const words: Readonly<Record<string, string>> = { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' }
const plain = (value: number): number | string => words[value] ?? value
