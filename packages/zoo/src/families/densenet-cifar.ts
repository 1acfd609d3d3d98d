// Huang, Liu, van der Maaten, Weinberger 2017, "Densely connected convolutional networks", section 3 and table 2; arXiv:1608.06993:
// networks for 32 x 32 pictures. No weights were published in a form that is read here.
import { convolution, denseBlock, normAndActivation, type Scope, transition } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { cifar32 } from '../records/cifar.ts'
import { cifarNames } from './densenet-names.ts'

/** DenseNet for 32 x 32 pictures: the plain one of 40 layers, and the DenseNet-BC of 100. */
export type DensenetCifarName = 'densenet40_cifar' | 'densenet100_cifar'

interface Variant {
  /** Channels before the first block: 16, or twice the growth rate in DenseNet-BC. */
  readonly stem: number
  /** Layers of each of the three blocks: (L - 4) / 3, or half as many where each has two convolutions. */
  readonly depth: number
  readonly bottleneck: boolean
  readonly compression: number
}

const growthRate = 12

/** Table 2: L = 40, k = 12, 1.0 M parameters; DenseNet-BC, L = 100, k = 12, 0.8 M. */
const variants: Readonly<Record<DensenetCifarName, Variant>> = {
  densenet40_cifar: { stem: 16, depth: 12, bottleneck: false, compression: 1 },
  densenet100_cifar: { stem: 2 * growthRate, depth: 16, bottleneck: true, compression: 0.5 },
}

const paper: PublishedForm = {
  name: 'paper',
  convBias: false,
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
}

const body =
  ({ stem, depth, bottleneck, compression }: Variant) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    const options = { filters: stem, kernelSize: 3, useBias: false }
    let x = convolution(input, scope.at('stem').at('conv'), options) // 32 x 32 x 16 or 24
    for (const s of [1, 2, 3]) {
      const stage = scope.at(`stage${s}`)
      if (s > 1) x = transition(x, stage.at('transition'), { compression })
      x = denseBlock(x, stage, { depth, growthRate, bottleneck }) // L = 40: 32 x 32 x 160, 16 x 16 x 304, 8 x 8 x 448
    }
    return normAndActivation(x, scope.at('stage3'), 'relu')
  }

const architecture = (name: DensenetCifarName): Architecture => ({
  name,
  body: body(variants[name]),
  flavors: [paper],
  minimumSize: 4,
  classes: 10,
  preprocessing: cifar32,
  dialects: [cifarNames],
  records: [],
  paper: 'https://arxiv.org/abs/1608.06993',
})

/** The DenseNets for 32 x 32 pictures, by name. */
export const densenetsCifar: Readonly<Record<DensenetCifarName, Architecture>> = {
  densenet40_cifar: architecture('densenet40_cifar'),
  densenet100_cifar: architecture('densenet100_cifar'),
}

/**
 * DenseNet for 32 x 32 pictures and ten classes (Huang et al. 2017, table 2), growth rate 12, no weights: 40 layers without
 * bottlenecks, 1.0 M parameters, or the DenseNet-BC of 100 layers, 0.8 M. Options, result and errors as `createModel`.
 *
 * @param depth how many layers have weights
 */
export function densenetCifar(depth: 40 | 100, options?: ModelOptions): Promise<LayersModel> {
  return makeModel(densenetsCifar[`densenet${depth}_cifar`], options)
}
