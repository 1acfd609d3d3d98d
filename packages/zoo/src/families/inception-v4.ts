// Szegedy, Ioffe, Vanhoucke, Alemi 2016, "Inception-v4, Inception-ResNet and the impact of residual connections on learning", figures 3 to
// 9; arXiv:1602.07261. The timm flavor equals timm's inception_v4; the slim flavor has no gamma in its norms, and slim's auxiliary head.
import { type Branches, convNorm, inception, type Scope } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { inceptionV4Records } from '../records/inception-v4.ts'
import { tf299 } from '../records/preprocessing.ts'
import {
  average,
  column,
  conv,
  type InceptionStages,
  inceptionAuxiliary,
  inceptionStages,
  modulePaths,
  row,
  stagePaths,
} from './inception-modules.ts'
import { inceptionV4Names } from './inception-v4-names.ts'

const halved = { strides: 2, padding: 'valid' } as const
const unpadded = { padding: 'valid' } as const

/** The stem's modules (figure 3), to 73 x 73 x 160, 71 x 71 x 192, 35 x 35 x 384. */
const stemModules: readonly Branches[] = [
  { branch0: [{ pool: 'max', ...halved }], branch1: [{ ...conv(96, 3), ...halved }] },
  {
    branch0: [conv(64, 1), { ...conv(96, 3), ...unpadded }],
    branch1: [conv(64, 1), conv(64, row(7)), conv(64, column(7)), { ...conv(96, 3), ...unpadded }],
  },
  { branch0: [{ ...conv(192, 3), ...halved }], branch1: [{ pool: 'max', ...halved }] },
]

/** Inception-A (figure 4). */
const a: Branches = {
  branch0: [conv(96, 1)],
  branch1: [conv(64, 1), conv(96, 3)],
  branch2: [conv(64, 1), conv(96, 3), conv(96, 3)],
  branch3: [average, conv(96, 1)],
}

/** Inception-B (figure 5). */
const b: Branches = {
  branch0: [conv(384, 1)],
  branch1: [conv(192, 1), conv(224, row(7)), conv(256, column(7))],
  branch2: [conv(192, 1), conv(192, column(7)), conv(224, row(7)), conv(224, column(7)), conv(256, row(7))],
  branch3: [average, conv(128, 1)],
}

const parted = { split: { branch1x3: [conv(256, row(3))], branch3x1: [conv(256, column(3))] } }

/** Inception-C (figure 6). */
const c: Branches = {
  branch0: [conv(256, 1)],
  branch1: [conv(384, 1), parted],
  branch2: [conv(384, 1), conv(448, column(3)), conv(512, row(3)), parted],
  branch3: [average, conv(256, 1)],
}

/** Reduction-A (figure 7; k, l, m, n = 192, 224, 256, 384) and Reduction-B (figure 8). */
const to17: Branches = { branch0: [conv(384, 3)], branch1: [conv(192, 1), conv(224, 3), conv(256, 3)] }
const to8: Branches = {
  branch0: [conv(192, 1), conv(192, 3)],
  branch1: [conv(256, 1), conv(256, row(7)), conv(320, column(7)), conv(320, 3)],
}

/** Figure 9: 4 x A, 7 x B, 3 x C. */
const stages: InceptionStages = [
  [a, a, a, a], // 35 x 35 x 384
  [to17, b, b, b, b, b, b, b], // 17 x 17 x 1024
  [to8, c, c, c], // 8 x 8 x 1536
]

// slim's batch norm moves its statistics by 0.9997, timm's by PyTorch's 0.9.
const slim: PublishedForm = {
  name: 'slim',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9997,
  normVariance: 'sample',
  normScale: false,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormal',
  dropout: 0.2,
}

const timm: PublishedForm = {
  ...slim,
  name: 'timm',
  normMomentum: 0.9,
  normScale: true,
  kernelInitializer: 'torchUniform',
  dropout: 0,
}

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  return inceptionStages(stem(input, scope.at('stem')), scope, stages) // 8 x 8 x 1536
}

function stem(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const relu = { activation: 'relu' } as const
  let x = convNorm(input, scope.at('conv1'), { ...conv(32, 3), ...halved, ...relu }) // 149 x 149 x 32 from 299 x 299
  x = convNorm(x, scope.at('conv2'), { ...conv(32, 3), ...unpadded, ...relu }) // 147 x 147 x 32
  x = convNorm(x, scope.at('conv3'), { ...conv(64, 3), ...relu }) // 147 x 147 x 64
  return stemModules.reduce((y, branches, i) => inception(y, scope.at(`block${i + 1}`), { branches }), x) // 35 x 35 x 384
}

const convolutions = [
  ...[1, 2, 3].map((i) => `stem.conv${i}`),
  ...modulePaths(stemModules, 'stem'),
  ...stagePaths(stages),
]

/** Inception v4: body, flavors, auxiliary head, dialects and records. */
export const inceptionV4Architecture: Architecture = {
  name: 'inception_v4',
  body,
  auxiliary: [inceptionAuxiliary(['slim'])],
  flavors: [timm, slim],
  minimumSize: 75,
  preprocessing: tf299,
  dialects: inceptionV4Names(stemModules, stages, convolutions),
  records: inceptionV4Records,
  paper: 'https://arxiv.org/abs/1602.07261',
}

/** Inception v4 (Szegedy et al. 2016): 42.7 M parameters, 299 x 299. Options, result and errors as `createModel`. */
export function inceptionV4(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(inceptionV4Architecture, options)
}
