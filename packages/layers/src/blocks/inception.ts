// Szegedy et al. 2014, "Going deeper with convolutions", figure 2 (arXiv:1409.4842); Szegedy et al. 2015, "Rethinking the
// Inception architecture", figures 4 to 7 and 10 (arXiv:1512.00567).
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { type ConvolutionOptions, convNorm } from './conv-norm.ts'
import { type PoolOptions, pool } from './pool.ts'

/** A convolution with all that follows it, up to its activation. */
export type ConvolutionUnit = (x: SymbolicTensor, scope: Scope, options: ConvolutionOptions) => SymbolicTensor

/** A pooling within a branch, the layer `pool`. */
export interface PoolStep extends PoolOptions {
  /** Max or average. */
  readonly pool: 'max' | 'avg'
}

/** Branches that part inside a branch and are concatenated in it (Szegedy et al. 2015, figure 7). */
export interface SplitStep {
  /** By name, in the order of concatenation. */
  readonly split: Branches
}

/** What is done next in a branch: a convolution, a pooling, or a split. Convolutions are numbered from 1: `conv1`, `conv2`. */
export type BranchStep = ConvolutionOptions | PoolStep | SplitStep

/** The branches of a module by name (`branch5x5`), in the order of concatenation; each is its steps in order. */
export type Branches = Readonly<Record<string, readonly BranchStep[]>>

/** Options of {@link inception}. */
export interface InceptionOptions {
  /** What is computed side by side. */
  readonly branches: Branches
  /** What a convolution is; `convNorm` with ReLU unless given. */
  readonly unit?: ConvolutionUnit
}

/** Options of {@link gridReduction}. */
export interface GridReductionOptions extends InceptionOptions {
  /** Border of what halves the grid; `valid` unless given. */
  readonly padding?: ConvolutionOptions['padding']
  /** Border of the pooling where it is another one. */
  readonly poolPadding?: ConvolutionOptions['padding']
}

/**
 * An Inception module: branches side by side on one grid, concatenated along the channels. Its layers are
 * `branch5x5.conv1`, `branch5x5.conv1.norm`, ..., `branchPool.pool`, `concat`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height, width, sum of what the branches end in]`
 */
export function inception(x: SymbolicTensor, scope: Scope, options: InceptionOptions): SymbolicTensor {
  const { branches, unit = normalized } = options
  const ends = Object.entries(branches).map(([name, steps]) => branch(x, scope.at(name), steps, unit))
  return ends.length === 1
    ? ends[0]!
    : (layers.concatenate({ name: scope.at('concat').path, axis: -1 }).apply(ends) as SymbolicTensor)
}

/**
 * The module that halves the grid without a bottleneck (Szegedy et al. 2015, figure 10): the last convolution of each
 * branch has stride 2, and a max pooling 3x3/2 stands beside them, last in the concatenation.
 *
 * @param x `[batch, height, width, channels]`
 */
export function gridReduction(x: SymbolicTensor, scope: Scope, options: GridReductionOptions): SymbolicTensor {
  const { padding = 'valid', poolPadding = padding, unit } = options
  const strided = Object.entries(options.branches).map(([name, steps]) => {
    const last = { ...(steps.at(-1) as ConvolutionOptions), strides: 2, padding }
    return [name, [...steps.slice(0, -1), last]] as const
  })
  const branchPool: readonly BranchStep[] = [{ pool: 'max', strides: 2, padding: poolPadding }]
  return inception(x, scope, { branches: { ...Object.fromEntries(strided), branchPool }, ...(unit && { unit }) })
}

/** Filters of a module of GoogLeNet, as its table 1 has them. */
export interface ModuleFilters {
  /** "#1x1". */
  readonly '1x1': number
  /** "#3x3 reduce" and "#3x3". */
  readonly '3x3': readonly [reduce: number, filters: number]
  /** "#5x5 reduce" and "#5x5". */
  readonly '5x5': readonly [reduce: number, filters: number]
  /** "pool proj". */
  readonly pool: number
}

/** The naive module (Szegedy et al. 2014, figure 2a): 1x1, 3x3, 5x5 and a max pooling, which hands on all channels it gets. */
export function naiveBranches(filters: ModuleFilters): Branches {
  return {
    branch1x1: [{ filters: filters['1x1'], kernelSize: 1 }],
    branch3x3: [{ filters: filters['3x3'][1], kernelSize: 3 }],
    branch5x5: [{ filters: filters['5x5'][1], kernelSize: 5 }],
    branchPool: [{ pool: 'max' }],
  }
}

/** The module with 1x1 convolutions that reduce the channels before the costly ones (Szegedy et al. 2014, figure 2b). */
export function reducedBranches(filters: ModuleFilters): Branches {
  return {
    branch1x1: [{ filters: filters['1x1'], kernelSize: 1 }],
    branch3x3: reduced(filters['3x3'], [3]),
    branch5x5: reduced(filters['5x5'], [5]),
    branchPool: [{ pool: 'max' }, { filters: filters.pool, kernelSize: 1 }],
  }
}

/** A 1x1 convolution that reduces the channels, then kernels one after the other with as many filters each: `[3, 3]` is two 3x3 in place of a 5x5. */
export function reduced(
  [reduce, filters]: readonly [reduce: number, filters: number],
  kernels: readonly ConvolutionOptions['kernelSize'][],
): readonly ConvolutionOptions[] {
  return [{ filters: reduce, kernelSize: 1 }, ...kernels.map((kernelSize) => ({ filters, kernelSize }))]
}

/** The kernels 1 x n and n x 1 in place of n x n (Szegedy et al. 2015, figure 6). */
export function factorized(n: number): readonly (readonly [height: number, width: number])[] {
  return [
    [1, n],
    [n, 1],
  ]
}

const normalized: ConvolutionUnit = (x, scope, options) => convNorm(x, scope, { ...options, activation: 'relu' })

function branch(
  input: SymbolicTensor,
  scope: Scope,
  steps: readonly BranchStep[],
  unit: ConvolutionUnit,
): SymbolicTensor {
  let x = input
  let convolutions = 0
  for (const step of steps) {
    if ('split' in step) x = inception(x, scope, { branches: step.split, unit })
    else if ('pool' in step) x = pool(x, scope.at('pool'), step.pool, step)
    else x = unit(x, scope.at(`conv${++convolutions}`), step)
  }
  return x
}
