import {
  auxiliaryHead,
  type Branches,
  type ConvolutionOptions,
  convNorm,
  gridReduction,
  inception,
  type KernelInitializer,
  type PoolStep,
  pool,
  type Scope,
} from '@cnnkit/layers'
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { AuxiliaryHead } from '../architecture.ts'
import { convolutionPaths } from '../counted-names.ts'

/** The modules of an Inception network, a row a stage. The first of each stage but the first halves the grid. */
export type InceptionStages = readonly (readonly Branches[])[]

/** A convolution of a module. */
export const conv = (filters: number, kernelSize: ConvolutionOptions['kernelSize']): ConvolutionOptions => ({
  filters,
  kernelSize,
})

/** Kernels 1 x n and n x 1, height first. */
export const row = (n: number): readonly [number, number] => [1, n]

/** See {@link row}. */
export const column = (n: number): readonly [number, number] => [n, 1]

/** The average pooling 3x3 of a branch, that leaves the border out of its count. */
export const average: PoolStep = { pool: 'avg' }

/** The stem of Inception v3 and Inception-ResNet v2 as released. */
export function inceptionStem(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const unpadded = { padding: 'valid', activation: 'relu' } as const
  let x = convNorm(input, scope.at('conv1'), { ...conv(32, 3), ...unpadded, strides: 2 }) // 149 x 149 x 32 from 299 x 299
  x = convNorm(x, scope.at('conv2'), { ...conv(32, 3), ...unpadded }) // 147 x 147 x 32
  x = convNorm(x, scope.at('conv3'), { ...conv(64, 3), activation: 'relu' }) // 147 x 147 x 64
  x = pool(x, scope.at('pool1'), 'max', { strides: 2, padding: 'valid' }) // 73 x 73 x 64
  x = convNorm(x, scope.at('conv4'), { ...conv(80, 1), ...unpadded }) // 73 x 73 x 80
  x = convNorm(x, scope.at('conv5'), { ...conv(192, 3), ...unpadded }) // 71 x 71 x 192
  return pool(x, scope.at('pool2'), 'max', { strides: 2, padding: 'valid' }) // 35 x 35 x 192
}

/** The paths of its convolutions. */
export const stemPaths: readonly string[] = [1, 2, 3, 4, 5].map((i) => `stem.conv${i}`)

/** Builds all stages: `stage1.block1`, ... */
export function inceptionStages(input: SymbolicTensor, scope: Scope, stages: InceptionStages): SymbolicTensor {
  let x = input
  stages.forEach((modules, s) => {
    modules.forEach((branches, b) => {
      const module = s > 0 && b === 0 ? gridReduction : inception
      x = module(x, scope.at(`stage${s + 1}`).at(`block${b + 1}`), { branches })
    })
  })
  return x
}

/** The paths of the convolutions of modules `block1`, `block2`, ... under a path, in the order in which they are made. */
export function modulePaths(modules: readonly Branches[], under: string): readonly string[] {
  return modules.flatMap((branches, b) => convolutionPaths(branches, `${under}.block${b + 1}`))
}

/** The same for all stages. */
export function stagePaths(stages: InceptionStages): readonly string[] {
  return stages.flatMap((modules, s) => modulePaths(modules, `stage${s + 1}`))
}

/** What fresh kernels of an auxiliary head are drawn from where it is not what the flavor says. */
interface AuxiliaryInitializers {
  readonly convolution?: KernelInitializer
  readonly logits?: KernelInitializer
}

/**
 * The auxiliary head of Inception v3 and v4, behind the stage of 17 x 17: average pooling 5x5/3, 1x1, 5x5 over the 5 x 5 that
 * is left, logits. On a small input the windows are as large as the grid, as in TF-slim.
 */
export const inceptionAuxiliary = (flavors: readonly string[], drawn: AuxiliaryInitializers = {}): AuxiliaryHead => ({
  flavors,
  path: 'aux1',
  at: 'stage2',
  logits: (x, scope, { classes }) => {
    const side = Math.min(...x.shape.slice(1, 3).map((length) => length ?? Number.POSITIVE_INFINITY))
    const size = Math.min(5, side)
    const left = Math.floor((side - size) / 3) + 1
    const last: ConvolutionOptions = {
      ...conv(768, Math.min(5, left)),
      padding: 'valid',
      ...(drawn.convolution && { kernelInitializer: drawn.convolution }),
    }
    return auxiliaryHead(x, scope, {
      classes,
      pool: { size, strides: 3 },
      convolutions: [conv(128, 1), last],
      ...(drawn.logits && { kernelInitializer: drawn.logits }),
    })
  },
})
