// Huang, Liu, van der Maaten, Weinberger 2017, "Densely connected convolutional networks", table 1; arXiv:1608.06993.
// The flavors equal keras.applications.densenet and torchvision.models.densenet: they differ in the norms' epsilon alone.
import {
  convNorm,
  denseBlock,
  globalPool,
  logits,
  normAndActivation,
  pool,
  type Scope,
  transition,
} from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { densenetRecords } from '../records/densenet.ts'
import { torch224 } from '../records/preprocessing.ts'
import { kerasNames, onnxNames, torchNames } from './densenet-names.ts'

/** The networks of table 1, and the wide one of the authors' code. */
export type DensenetName = 'densenet121' | 'densenet161' | 'densenet169' | 'densenet201'

/** The growth rate, and the layers of each dense block (table 1). All are DenseNet-BC: bottlenecks, and half is left between blocks. */
const networks: Readonly<Record<DensenetName, readonly [growthRate: number, depth: readonly number[]]>> = {
  densenet121: [32, [6, 12, 24, 16]],
  densenet161: [48, [6, 12, 36, 24]],
  densenet169: [32, [6, 12, 32, 32]],
  densenet201: [32, [6, 12, 48, 32]],
}

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1.001e-5,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const torchvision: PublishedForm = {
  name: 'torchvision',
  convBias: false,
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}

const body =
  (growthRate: number, depths: readonly number[]) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    const stem = scope.at('stem')
    const border = { kernelSize: 7, strides: 2, padding: 3 } as const
    let x = convNorm(input, stem.at('conv'), { filters: 2 * growthRate, ...border, activation: 'relu' }) // 112 x 112 x 64
    x = pool(x, stem.at('pool'), 'max', { strides: 2, padding: 1 }) // 56 x 56 x 64
    depths.forEach((depth, s) => {
      const stage = scope.at(`stage${s + 1}`)
      if (s > 0) x = transition(x, stage.at('transition'), { compression: 0.5 })
      x = denseBlock(x, stage, { depth, growthRate }) // DenseNet-121: 56 x 56 x 256, 28 x 28 x 512, 14 x 14 x 1024, 7 x 7 x 1024
    })
    return normAndActivation(x, scope.at('stage4'), 'relu')
  }

function head(x: SymbolicTensor, scope: Scope, { classes, dropout, pooling }: HeadOptions): SymbolicTensor {
  // PyTorch draws a linear layer otherwise than the convolutions.
  const drawn = scope.flavor.name === 'torchvision' ? ({ kernelInitializer: 'torchUniform' } as const) : {}
  return logits(globalPool(x, scope, pooling), scope, { classes, dropout, ...drawn })
}

const architecture = (name: DensenetName): Architecture => {
  // Keras has no DenseNet-161.
  const inKeras = name !== 'densenet161'
  return {
    name,
    body: body(...networks[name]),
    head,
    flavors: inKeras ? [keras, torchvision] : [torchvision],
    minimumSize: 32,
    preprocessing: torch224,
    dialects: [...(inKeras ? kerasNames : []), ...torchNames, ...(name === 'densenet121' ? [onnxNames] : [])],
    records: densenetRecords[name],
    paper: 'https://arxiv.org/abs/1608.06993',
  }
}

/** The DenseNets, by name. */
export const densenets: Readonly<Record<DensenetName, Architecture>> = {
  densenet121: architecture('densenet121'),
  densenet161: architecture('densenet161'),
  densenet169: architecture('densenet169'),
  densenet201: architecture('densenet201'),
}

/** DenseNet-121 (Huang et al. 2017): 8.0 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function densenet121(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(densenets.densenet121, options)
}

/** DenseNet-161 (growth rate 48): 28.7 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function densenet161(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(densenets.densenet161, options)
}

/** DenseNet-169 (Huang et al. 2017): 14.1 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function densenet169(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(densenets.densenet169, options)
}

/** DenseNet-201 (Huang et al. 2017): 20.0 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function densenet201(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(densenets.densenet201, options)
}
