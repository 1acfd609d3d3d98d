// He, Zhang, Ren, Sun 2015, "Deep residual learning for image recognition", figures 3 and 5; arXiv:1512.03385. And 2016, "Identity
// mappings in deep residual networks", figure 1(b); arXiv:1603.05027.
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { activate, convNorm, convolution, normAndActivation, type Padding } from './conv-norm.ts'

/** Options of {@link plain}. */
export interface PlainOptions {
  /** Channels of the 3x3 convolutions; a bottleneck hands on four times as many. */
  readonly filters: number
  /** 2 halves the grid; 1 unless given. */
  readonly strides?: number
}

/** Options of {@link basic} and {@link bottleneck}. */
export interface ResidualOptions extends PlainOptions {
  /**
   * A projection in the shortcut (option B of the paper) in place of the identity. The identity of a block that halves the grid
   * takes every other pixel, that of one that widens it has zeros for the new channels, half of them on each side (option A).
   */
  readonly project?: boolean
}

/** Options of {@link preactivation}. */
export interface PreactivationOptions extends ResidualOptions {
  /** Whether the two convolutions that are added, that of the shortcut and the last, have a bias; `false` unless given. */
  readonly useBias?: boolean
}

/**
 * The basic residual block: two 3x3 convolutions, plus the shortcut (He et al. 2015, figure 5 left). The first has the stride.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, filters]`
 */
export function basic(x: SymbolicTensor, scope: Scope, options: ResidualOptions): SymbolicTensor {
  const { filters, strides = 1, project = false } = options
  const past = project ? projection(x, scope, filters, strides) : identity(x, scope.at('shortcut'), filters, strides)
  let y = convNorm(x, scope.at('conv1'), { ...spatial(filters, strides), activation: 'relu' })
  y = convNorm(y, scope.at('conv2'), spatial(filters, 1))
  return activate(sum(past, y, scope), scope, 'relu')
}

/**
 * The bottleneck residual block: 1x1 reduces, 3x3, 1x1 restores to four times the filters, plus the shortcut
 * (He et al. 2015, figure 5 right). The flavor says which convolution has the stride.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, 4 * filters]`
 */
export function bottleneck(x: SymbolicTensor, scope: Scope, options: ResidualOptions): SymbolicTensor {
  const { filters, strides = 1, project = false } = options
  const [first, second] = scope.flavor.bottleneckStride === '1x1' ? [strides, 1] : [1, strides]
  const wide = 4 * filters
  const past = project ? projection(x, scope, wide, strides) : identity(x, scope.at('shortcut'), wide, strides)
  let y = convNorm(x, scope.at('conv1'), { ...across(filters, first), activation: 'relu' })
  y = convNorm(y, scope.at('conv2'), { ...spatial(filters, second), activation: 'relu' })
  y = convNorm(y, scope.at('conv3'), across(wide, 1))
  return activate(sum(past, y, scope), scope, 'relu')
}

/**
 * The bottleneck of ResNet v2: norm and ReLU stand before each convolution, and nothing after the sum (He et al. 2016, figure
 * 4(e)). A projection takes the activated input, the identity the raw one. The 3x3 convolution has the stride.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, 4 * filters]`; what follows the last block normalises it
 */
export function preactivation(x: SymbolicTensor, scope: Scope, options: PreactivationOptions): SymbolicTensor {
  const { filters, strides = 1, project = false, useBias = false } = options
  const wide = 4 * filters
  const active = normAndActivation(x, scope, 'relu')
  const shortcut = scope.at('shortcut')
  const past = project
    ? convolution(active, shortcut, { ...across(wide, strides), useBias })
    : identity(x, shortcut, wide, strides)
  let y = convNorm(active, scope.at('conv1'), { ...across(filters, 1), activation: 'relu' })
  y = convNorm(y, scope.at('conv2'), { ...spatial(filters, strides), activation: 'relu' })
  y = convolution(y, scope.at('conv3'), { ...across(wide, 1), useBias })
  return sum(past, y, scope)
}

/**
 * {@link basic} without its shortcut: two 3x3 convolutions with norm and ReLU (He et al. 2015, figure 3 middle). Deep networks of
 * it train worse than shallow ones, which is what shortcuts cure.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, filters]`
 */
export function plain(x: SymbolicTensor, scope: Scope, options: PlainOptions): SymbolicTensor {
  const { filters, strides = 1 } = options
  const y = convNorm(x, scope.at('conv1'), { ...spatial(filters, strides), activation: 'relu' })
  return convNorm(y, scope.at('conv2'), { ...spatial(filters, 1), activation: 'relu' })
}

interface Convolution {
  readonly filters: number
  readonly kernelSize: number
  readonly strides: number
  readonly padding: Padding
}

/** 3x3. At stride 1 zeros on both sides and TensorFlow's `same` are one; at stride 2 all originals pad both sides. */
const spatial = (filters: number, strides: number): Convolution => ({
  filters,
  kernelSize: 3,
  strides,
  padding: strides === 1 ? 'same' : 1,
})

const across = (filters: number, strides: number): Convolution => ({
  filters,
  kernelSize: 1,
  strides,
  padding: 'valid',
})

function projection(x: SymbolicTensor, scope: Scope, filters: number, strides: number): SymbolicTensor {
  return convNorm(x, scope.at('shortcut'), across(filters, strides))
}

function identity(x: SymbolicTensor, scope: Scope, filters: number, strides: number): SymbolicTensor {
  const missing = filters - x.shape.at(-1)!
  let y = x
  if (strides > 1) {
    const name = scope.at('subsample').path
    y = layers.maxPooling2d({ name, poolSize: 1, strides, padding: 'valid' }).apply(y) as SymbolicTensor
  }
  if (missing === 0) return y
  // Seen as channels first, our last axis is a width, which the stock layer pads: the model needs no layer of our own.
  const before = Math.floor(missing / 2)
  const padding: [[number, number], [number, number]] = [
    [0, 0],
    [before, missing - before],
  ]
  const name = scope.at('widen').path
  return layers.zeroPadding2d({ name, padding, dataFormat: 'channelsFirst' }).apply(y) as SymbolicTensor
}

function sum(past: SymbolicTensor, y: SymbolicTensor, scope: Scope): SymbolicTensor {
  return layers.add({ name: scope.at('add').path }).apply([past, y]) as SymbolicTensor
}
