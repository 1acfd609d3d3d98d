import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { KernelInitializer, Scope } from '../scope.ts'
import { activate, convNorm, convolution, normAndActivation, zeroPad } from './conv-norm.ts'

/** Options of `normalCell`. */
export interface NormalCellOptions {
  /** Channels of each branch; the cell hands on six times as many. */
  readonly filters: number
  /** What fresh 1x1 kernels are drawn from where it is not what the flavor says. */
  readonly kernelInitializer?: KernelInitializer
}

/** What a cell takes: the output of the cell before it, and of the one before that. */
export interface CellInputs {
  readonly current: SymbolicTensor
  readonly previous: SymbolicTensor
}

/** ReLU, 1x1 convolution and norm of what comes in, so that both inputs have the cell's channels and one size. */
export function projected(
  x: SymbolicTensor,
  before: SymbolicTensor | undefined,
  scope: Scope,
  options: NormalCellOptions,
): CellInputs {
  const convolved = (of: SymbolicTensor, at: Scope): SymbolicTensor =>
    convNorm(activate(of, at, 'relu'), at, { ...narrow(options), kernelSize: 1 })
  const current = convolved(x, scope.at('current'))
  if (before === undefined) return { current, previous: x }
  const at = scope.at('previous')
  if (before.shape[1] !== x.shape[1]) return { current, previous: factorizedReduction(before, at, options) }
  return { current, previous: before.shape.at(-1) === options.filters ? before : convolved(before, at) }
}

/**
 * Halves a grid by two 1x1 convolutions of stride 2, each to half of the channels: one on the pixels of even rows and columns, one
 * on those of odd ones, with zeros beyond the border.
 */
function factorizedReduction(x: SymbolicTensor, scope: Scope, options: NormalCellOptions): SymbolicTensor {
  const half = { ...narrow(options), filters: Math.floor(options.filters / 2), kernelSize: 1, strides: 2 } as const
  const active = activate(x, scope, 'relu')
  const odd = scope.at('odd')
  const [height, width] = [x.shape[1]! % 2, x.shape[2]! % 2]
  const padded = zeroPad(
    active,
    odd,
    height + width === 0
      ? 0
      : [
          [0, height],
          [0, width],
        ],
  )
  const cropping: [[number, number], [number, number]] = [
    [1, 0],
    [1, 0],
  ]
  const shifted = layers.cropping2D({ name: odd.at('crop').path, cropping }).apply(padded) as SymbolicTensor
  const concat = scope.at('concat')
  const both = layers
    .concatenate({ name: concat.path })
    .apply([
      convolution(active, scope.at('even'), { ...half, padding: 'valid', useBias: false }),
      convolution(shifted, odd, { ...half, padding: 'valid', useBias: false }),
    ]) as SymbolicTensor
  return normAndActivation(both, concat)
}

function narrow({ filters, kernelInitializer }: NormalCellOptions): NormalCellOptions {
  return { filters, ...(kernelInitializer && { kernelInitializer }) }
}
