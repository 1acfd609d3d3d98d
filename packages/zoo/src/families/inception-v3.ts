// Szegedy, Vanhoucke, Ioffe, Shlens, Wojna 2015, "Rethinking the Inception architecture for computer vision", table 1 and figures 5 to 8
// and 10; arXiv:1512.00567. As released: behind the first pooling stand 1x1, 3x3 and a pooling where the table has three convolutions.
// The Keras flavor equals keras.applications.inception_v3, the torchvision flavor torchvision's inception_v3 and timm's.
import type { Branches, Padding, Scope } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { inceptionV3Records } from '../records/inception-v3.ts'
import { tf299 } from '../records/preprocessing.ts'
import {
  average,
  column,
  conv,
  type InceptionStages,
  inceptionAuxiliary,
  inceptionStages,
  inceptionStem,
  row,
  stagePaths,
  stemPaths,
} from './inception-modules.ts'
import { inceptionV3Names } from './inception-v3-names.ts'

/** On 35 x 35 (figure 5, the 5x5 kept). */
const figure5 = (pooled: number, border: Padding): Branches => ({
  branch1x1: [conv(64, 1)],
  branch5x5: [conv(48, 1), conv(64, 5)],
  branch3x3dbl: [conv(64, 1), conv(96, 3), conv(96, 3)],
  branchPool: [{ ...average, padding: border }, conv(pooled, 1)],
})

/** On 17 x 17 (figure 6, n = 7). */
const figure6 = (width: number, border: Padding): Branches => ({
  branch1x1: [conv(192, 1)],
  branch7x7: [conv(width, 1), conv(width, row(7)), conv(192, column(7))],
  branch7x7dbl: [
    conv(width, 1),
    conv(width, column(7)),
    conv(width, row(7)),
    conv(width, column(7)),
    conv(192, row(7)),
  ],
  branchPool: [{ ...average, padding: border }, conv(192, 1)],
})

const parted = { split: { branch1x3: [conv(384, row(3))], branch3x1: [conv(384, column(3))] } }

/** On 8 x 8 (figure 7). */
const figure7 = (border: Padding): Branches => ({
  branch1x1: [conv(320, 1)],
  branch3x3: [conv(384, 1), parted],
  branch3x3dbl: [conv(448, 1), conv(384, 3), parted],
  branchPool: [{ ...average, padding: border }, conv(192, 1)],
})

/** Both grid reductions (figure 10). */
const to17: Branches = { branch3x3: [conv(384, 3)], branch3x3dbl: [conv(64, 1), conv(96, 3), conv(96, 3)] }
const to8: Branches = {
  branch3x3: [conv(192, 1), conv(320, 3)],
  branch7x7x3: [conv(192, 1), conv(192, row(7)), conv(192, column(7)), conv(192, 3)],
}

/** Table 1, "3 x Inception, 5 x Inception, 2 x Inception". */
const stages = (border: Padding): InceptionStages => [
  [figure5(32, border), figure5(64, border), figure5(64, border)], // 35 x 35 x 256, 288, 288
  [to17, ...[128, 160, 160, 192].map((width) => figure6(width, border))], // 17 x 17 x 768
  [to8, figure7(border), figure7(border)], // 8 x 8 x 1280, 2048, 2048
]

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.99,
  normScale: false,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

// torchvision cuts its normal distribution at -2 and 2, twenty standard deviations away.
const torchvision: PublishedForm = {
  ...keras,
  name: 'torchvision',
  normMomentum: 0.9,
  normVariance: 'sample',
  normScale: true,
  kernelInitializer: { normal: 0.1 },
  dropout: 0.5,
}

/** What the average of a branch counts at the border: in TensorFlow the pixels there are, in torchvision zeros too. */
const borders: Readonly<Record<string, Padding>> = { keras: 'same', torchvision: 1 }

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const x = inceptionStem(input, scope.at('stem')) // 35 x 35 x 192 from 299 x 299
  return inceptionStages(x, scope, stages(borders[scope.flavor.name]!)) // 8 x 8 x 2048
}

const convolutions = [...stemPaths, ...stagePaths(stages('same'))]

/** Inception v3: body, flavors, auxiliary head, dialects and records. */
export const inceptionV3Architecture: Architecture = {
  name: 'inception_v3',
  body,
  auxiliary: [
    inceptionAuxiliary(['torchvision'], {
      convolution: { truncatedNormal: 0.01 },
      logits: { truncatedNormal: 0.001 },
    }),
  ],
  flavors: [keras, torchvision],
  minimumSize: 75,
  preprocessing: tf299,
  dialects: inceptionV3Names(convolutions),
  records: inceptionV3Records,
  paper: 'https://arxiv.org/abs/1512.00567',
}

/** Inception v3 (Szegedy et al. 2015): 23.9 M parameters, 299 x 299. Options, result and errors as `createModel`. */
export function inceptionV3(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(inceptionV3Architecture, options)
}
