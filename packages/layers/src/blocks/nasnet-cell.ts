import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { activate, normAndActivation, type Padding, zeroPad } from './conv-norm.ts'
import { type CellInputs, type NormalCellOptions, projected } from './nasnet-inputs.ts'
import { pool } from './pool.ts'
import { separableConvolution } from './separable.ts'

/** Options of {@link reductionCell}. */
export interface ReductionCellOptions extends NormalCellOptions {
  /** What lies around the grid that the strided maximum is taken of: zeros (Keras, whose values may be below) or nothing (the paper's code). */
  readonly maximumOver: 'zeros' | 'nothing'
}

/**
 * NASNet-A's normal cell (Zoph et al. 2017, figure 4 left). Its layers are `current` and `previous` (1x1 convolutions to the cell's
 * channels), `left1` to `right5` (the branches), `add1` to `add5`, and `concat`.
 *
 * @param x what the cell before hands on: `[batch, height, width, channels]`
 * @param before what the cell before that one hands on, perhaps of twice the size
 * @returns `[batch, height, width, 6 * filters]`
 */
export function normalCell(
  x: SymbolicTensor,
  before: SymbolicTensor,
  scope: Scope,
  options: NormalCellOptions,
): SymbolicTensor {
  const { current, previous } = projected(x, before, scope, options)
  const [h, p] = activated({ current, previous }, scope)
  const branch = separableTwice(scope, options.filters)
  const average = pool(previous, scope.at('left4'), 'avg')
  return concatenate(scope, [
    previous,
    add(scope, 1, branch(h, 'left1', 5), branch(p, 'right1', 3)),
    add(scope, 2, branch(p, 'left2', 5), branch(p, 'right2', 3)),
    add(scope, 3, pool(current, scope.at('left3'), 'avg'), previous),
    add(scope, 4, average, average),
    add(scope, 5, branch(h, 'left5', 3), current),
  ])
}

/**
 * NASNet-A's reduction cell (Zoph et al. 2017, figure 4 right), which halves the grid. Its layers are named as those of
 * {@link normalCell}.
 *
 * @param x what the cell before hands on: `[batch, height, width, channels]`
 * @param before what the cell before that one hands on, perhaps of twice the size; the first cell has none and takes `x` as it is
 * @returns `[batch, height / 2, width / 2, 4 * filters]`
 */
export function reductionCell(
  x: SymbolicTensor,
  before: SymbolicTensor | undefined,
  scope: Scope,
  options: ReductionCellOptions,
): SymbolicTensor {
  const { current, previous } = projected(x, before, scope, options)
  const [h, p] = activated({ current, previous }, scope)
  const branch = separableTwice(scope, options.filters)
  // Convolutions pad themselves to the same effect. The average counts the zeros, in both originals.
  const around = zeroPad(current, scope.at('around'), evenly(current))
  const maximum =
    options.maximumOver === 'zeros'
      ? pool(around, scope.at('left2'), 'max', { strides: 2, padding: 'valid' })
      : pool(current, scope.at('left2'), 'max', { strides: 2 })
  const x1 = add(scope, 1, branch(h, 'left1', 5, 2), branch(p, 'right1', 7, 2))
  const x2 = add(scope, 2, maximum, branch(p, 'right2', 7, 2))
  const average = pool(around, scope.at('left3'), 'avg', { strides: 2, padding: 'valid' })
  const x3 = add(scope, 3, average, branch(p, 'right3', 5, 2))
  const x4 = add(scope, 4, pool(x1, scope.at('left4'), 'avg'), x2)
  const x5 = add(scope, 5, branch(activate(x1, scope.at('add1'), 'relu'), 'left5', 3), maximum)
  return concatenate(scope, [x2, x3, x4, x5])
}

function activated({ current, previous }: CellInputs, scope: Scope): readonly [h: SymbolicTensor, p: SymbolicTensor] {
  return [activate(current, scope.at('h'), 'relu'), activate(previous, scope.at('p'), 'relu')]
}

/** Makes branches of a cell: of a grid that ReLU has passed, a separable convolution, norm, ReLU, another one, norm. The first has the stride. */
function separableTwice(
  scope: Scope,
  filters: number,
): (x: SymbolicTensor, name: string, kernelSize: number, strides?: number) => SymbolicTensor {
  return (x, name, kernelSize, strides = 1) => {
    const [first, second] = [scope.at(name).at('conv1'), scope.at(name).at('conv2')]
    const y = normAndActivation(separableConvolution(x, first, { filters, kernelSize, strides }), first, 'relu')
    return normAndActivation(separableConvolution(y, second, { filters, kernelSize }), second)
  }
}

/** Zeros that a 3x3 window of stride 2 needs to halve a grid as TensorFlow does. */
function evenly(x: SymbolicTensor): Padding {
  const [top, left] = [x.shape[1]! % 2, x.shape[2]! % 2]
  return [
    [top, 1],
    [left, 1],
  ]
}

function add(scope: Scope, number: number, left: SymbolicTensor, right: SymbolicTensor): SymbolicTensor {
  return layers.add({ name: scope.at(`add${number}`).path }).apply([left, right]) as SymbolicTensor
}

function concatenate(scope: Scope, all: SymbolicTensor[]): SymbolicTensor {
  return layers.concatenate({ name: scope.at('concat').path }).apply(all) as SymbolicTensor
}
