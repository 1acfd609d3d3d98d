// The weights manifest of tfjs: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/io/types.ts
import { weightsError } from '../error.ts'
import { safePath } from '../files/safe-path.ts'
import type { TensorDtype } from '../weight-file.ts'

/** How a tensor is stored in fewer bytes: `value = stored * scale + min`, or as half-precision numbers. */
export type Quantization =
  | { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number }
  | { readonly dtype: 'float16' }

/** A tensor of the manifest and where it lies. */
export interface TfjsWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorDtype
  readonly quantization: Quantization | undefined
  /** Where it begins, counted from the beginning of its group. */
  readonly offset: number
  /** Bytes it takes. */
  readonly byteLength: number
}

/** Tensors that lie one after the other in a list of files (shards). */
export interface TfjsGroup {
  readonly paths: readonly string[]
  readonly weights: readonly TfjsWeight[]
  /** Bytes that the shards have in all. */
  readonly byteLength: number
}

const bytesPerValue = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const

/** The groups of a `weightsManifest`, checked. Errors: `BAD_MANIFEST`, `UNKNOWN_DTYPE`, `UNSAFE_PATH`. */
export function parseManifest(manifest: unknown, source: string): TfjsGroup[] {
  if (!Array.isArray(manifest)) throw bad(source, 'has no "weightsManifest" (a list of groups)')
  return manifest.map((group: unknown, index) => {
    const { paths, weights } = record(group, source, `group ${index + 1}`)
    if (!Array.isArray(paths) || !Array.isArray(weights)) {
      throw bad(source, `has a group ${index + 1} without "paths" or "weights"`)
    }
    let offset = 0
    const parsed = weights.map((weight: unknown) => {
      const entry = parseWeight(weight, offset, source)
      offset += entry.byteLength
      return entry
    })
    if (!Number.isSafeInteger(offset)) throw bad(source, `describes ${offset} bytes in group ${index + 1}`)
    return { paths: paths.map((path) => safePath(path, source)), weights: parsed, byteLength: offset }
  })
}

function parseWeight(weight: unknown, offset: number, source: string): TfjsWeight {
  const { name, shape, dtype, quantization } = record(weight, source, 'a weight')
  if (typeof name !== 'string' || name === '') throw bad(source, `has a weight without a name: ${show(weight)}`)
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw bad(source, `gives "${name}" the shape ${show(shape)}`)
  }
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw weightsError(
      'UNKNOWN_DTYPE',
      `${source} gives "${name}" the dtype ${show(dtype)}. Known are float32, int32, bool.`,
    )
  }
  const stored = quantization == null ? undefined : parseQuantization(quantization, name, dtype, source)
  const values = shape.reduce((product: number, size: number) => product * size, 1)
  const byteLength = values * bytesPerValue[stored?.dtype ?? dtype]
  if (!Number.isSafeInteger(byteLength)) throw bad(source, `gives "${name}" the shape ${show(shape)}`)
  return { name, shape, dtype, quantization: stored, offset, byteLength }
}

function parseQuantization(value: unknown, name: string, of: TensorDtype, source: string): Quantization {
  const { dtype, scale, min } = record(value, source, `the quantization of "${name}"`)
  if (dtype === 'float16' && of === 'float32') return { dtype }
  if ((dtype !== 'uint8' && dtype !== 'uint16') || of === 'bool') {
    throw weightsError(
      'UNKNOWN_DTYPE',
      `${source} stores "${name}" (${of}) quantised as ${show(dtype)}. Known are uint8 and uint16, and float16 for float32.`,
    )
  }
  if (!Number.isFinite(scale) || !Number.isFinite(min)) {
    throw bad(source, `quantises "${name}" with scale ${show(scale)} and min ${show(min)}`)
  }
  return { dtype, scale: scale as number, min: min as number }
}

function record(value: unknown, source: string, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw bad(source, `has ${show(value)} where ${what} should be`)
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 100)

const bad = (source: string, what: string): Error =>
  weightsError('BAD_MANIFEST', `${source} ${what}. It is not a tfjs model that can be read; convert or write it anew.`)
