import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'

/** Shape and type of a tensor. */
export interface Form {
  readonly shape: readonly number[]
  readonly dtype: DataType
}

/** How a kernel was called. */
export interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a kernel gives, as far as the shapes of what it takes tell. */
export type Rule = (call: Call) => Form | Form[]

/** The rule of each kernel, by name. */
export type Rules = Readonly<Record<string, Rule>>

/** One rule for many kernels. */
export function rulesFor(names: string, rule: Rule): Rules {
  return Object.fromEntries(names.split(' ').map((name) => [name, rule]))
}

/** A result like one of the inputs. */
export const like =
  (input: string, dtype?: DataType): Rule =>
  ({ inputs }) => ({ shape: inputs[input]!.shape, dtype: dtype ?? inputs[input]!.dtype })

/** Axes counted from the front, all where none is named. */
export function axesOf(axis: unknown, rank: number): number[] {
  if (axis === undefined || axis === null) return Array.from({ length: rank }, (_, i) => i)
  return [axis].flat().map((value) => ((value as number) + rank) % rank)
}

/** Inputs that come as a list have the keys 0, 1, 2 and so on. */
export const listed = ({ inputs }: Call): TensorInfo[] => Object.values(inputs)
