// Weights that need no download, the same as reference/zoo/formula.py makes them, to the last bit.
import type { NamedTensor, WeightFile } from '@cnnkit/weights'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'

/** Name and shape of a tensor in a published file. */
export interface Entry {
  readonly name: string
  readonly shape: readonly number[]
}

/** What a file of formula weights is made of. */
export interface FormulaFile {
  readonly tensors: readonly Entry[]
  /** Where a kernel's outputs are: `keras` last, `torch` first. */
  readonly axes: 'keras' | 'torch'
  /** Standard deviation of kernels times the root of their fan-in. */
  readonly gain: number
}

/** A weight file that holds the formula's values under a published file's names, made when they are read. */
export function formulaWeights({ tensors, axes, gain }: FormulaFile): WeightFile {
  const named = tensors.map(
    ({ name, shape }): NamedTensor => ({
      name,
      shape,
      dtype: 'float32',
      byteLength: 4 * product(shape),
      read: async () => formula(name, shape, axes, gain),
    }),
  )
  const byName = new Map(named.map((tensor) => [tensor.name, tensor]))
  return {
    format: 'tfjs',
    source: 'formula',
    tensors: named,
    metadata: {},
    get: (name) => byName.get(name),
    close: async () => {},
  }
}

/** The input of all goldens: `[1, height, width, channels]`, -1 to 1 times a factor. */
export function picture([height, width, channels]: readonly [number, number, number], factor = 1): Tensor4D {
  const values = new Float32Array(height * width * channels)
  let at = 0
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c++) {
        values[at++] = factor * (((7 * i + 13 * j + 29 * c + 5 * ((i * j) % 31)) % 256) / 127.5 - 1)
      }
    }
  }
  return tensor4d(values, [1, height, width, channels])
}

function formula(name: string, shape: readonly number[], axes: 'keras' | 'torch', gain: number): Float32Array {
  const [factor, offset] = scaleOf(name, shape, axes, gain)
  const values = new Float32Array(product(shape))
  const start = fnv1a(name)
  for (let i = 0; i < values.length; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + start) | 0
    x ^= x >>> 16
    x = Math.imul(x, 0x85ebca6b)
    x ^= x >>> 13
    x = Math.imul(x, 0xc2b2ae35)
    x ^= x >>> 16
    values[i] = offset + factor * ((x >>> 0) / 2 ** 31 - 1)
  }
  return values
}

function scaleOf(name: string, shape: readonly number[], axes: 'keras' | 'torch', gain: number): [number, number] {
  if (shape.length > 1) return [gain * Math.sqrt(3 / fanIn(name, shape, axes)), 0]
  if (/(moving_variance|running_var|_(var|riv)_0)$/.test(name)) return [0.5, 1]
  if (/(gamma|\.weight|_(scale|s|w)_0)$/.test(name)) return [0.25, 1]
  return [0.1, 0]
}

function fanIn(name: string, shape: readonly number[], axes: 'keras' | 'torch'): number {
  if (name.includes('depthwise') && axes === 'keras') return shape[0]! * shape[1]!
  return product(axes === 'keras' ? shape.slice(0, -1) : shape.slice(1))
}

function fnv1a(name: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}

const product = (shape: readonly number[]): number => shape.reduce((all, side) => all * side, 1)
