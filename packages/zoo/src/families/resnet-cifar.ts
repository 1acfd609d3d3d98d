// He, Zhang, Ren, Sun 2015, "Deep residual learning for image recognition", section 4.2; arXiv:1512.03385: residual and plain networks
// for 32 x 32 pictures. Shortcuts are identities (option A), as in akamaster/pytorch_resnet_cifar10, whose checkpoints these load.
import { basic, convNorm, plain, type Scope } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { resnetCifarRecords, torch32 } from '../records/resnet-cifar.ts'
import { cifarNames } from './resnet-names.ts'

/** Layers with weights, 6n + 2. */
export type Depth = 20 | 32 | 44 | 56 | 110

/** The networks for 32 x 32 pictures by depth: residual, and plain ones without shortcuts. */
export type ResnetCifarName = `${'resnet' | 'plain'}${Depth}_cifar`

/** Section 4.2: 2n layers, n blocks, for each of 32 x 32, 16 x 16 and 8 x 8. */
const filters = [16, 32, 64] as const

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
  (block: typeof basic | typeof plain, depth: Depth) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    const stem = scope.at('stem').at('conv')
    let x = convNorm(input, stem, { filters: 16, kernelSize: 3, activation: 'relu' }) // 32 x 32 x 16
    filters.forEach((width, s) => {
      for (let b = 0; b < (depth - 2) / 6; b++) {
        const strides = s > 0 && b === 0 ? 2 : 1
        x = block(x, scope.at(`stage${s + 1}`).at(`block${b + 1}`), { filters: width, strides })
      } // 32 x 32 x 16, 16 x 16 x 32, 8 x 8 x 64
    })
    return x
  }

const architecture = (kind: 'resnet' | 'plain', depth: Depth): Architecture => ({
  name: `${kind}${depth}_cifar`,
  body: body(kind === 'resnet' ? basic : plain, depth),
  flavors: [paper],
  minimumSize: 4,
  classes: 10,
  preprocessing: torch32,
  dialects: [cifarNames],
  records: kind === 'resnet' ? resnetCifarRecords[depth] : [],
  paper: 'https://arxiv.org/abs/1512.03385',
})

/** The networks for 32 x 32 pictures, by name. */
export const resnetsCifar: Readonly<Record<ResnetCifarName, Architecture>> = {
  resnet20_cifar: architecture('resnet', 20),
  resnet32_cifar: architecture('resnet', 32),
  resnet44_cifar: architecture('resnet', 44),
  resnet56_cifar: architecture('resnet', 56),
  resnet110_cifar: architecture('resnet', 110),
  plain20_cifar: architecture('plain', 20),
  plain32_cifar: architecture('plain', 32),
  plain44_cifar: architecture('plain', 44),
  plain56_cifar: architecture('plain', 56),
  plain110_cifar: architecture('plain', 110),
}

/**
 * ResNet for 32 x 32 pictures and ten classes (He et al. 2015, section 4.2): 0.27 M parameters at 20 layers, 1.7 M at 110. Options,
 * result and errors as `createModel`.
 *
 * @param depth how many layers have weights
 */
export function resnetCifar(depth: Depth, options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnetsCifar[`resnet${depth}_cifar`], options)
}

/** {@link resnetCifar} without its shortcuts, no weights: for the experiment of the paper's figure 6, where depth makes it worse. */
export function plainCifar(depth: Depth, options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnetsCifar[`plain${depth}_cifar`], options)
}
