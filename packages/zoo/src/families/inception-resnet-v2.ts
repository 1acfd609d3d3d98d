// Szegedy, Ioffe, Vanhoucke, Alemi 2016, "Inception-v4, Inception-ResNet and the impact of residual connections on learning", figures 15
// to 19; arXiv:1602.07261. As released, with the stem of Inception v3 and 10, 20 and 10 residual modules where the paper has 5, 10 and 5.
// The Keras flavor equals keras.applications.inception_resnet_v2, the timm flavor timm's inception_resnet_v2.
import { activate, type Branches, convNorm, convolution, gridReduction, inception, type Scope } from '@cnnkit/layers'
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { inceptionResnetV2Records } from '../records/inception-resnet-v2.ts'
import { tf299 } from '../records/preprocessing.ts'
import { average, column, conv, inceptionStem, modulePaths, row, stemPaths } from './inception-modules.ts'
import { inceptionResnetV2Names } from './inception-resnet-v2-names.ts'

/** A stage: the module that widens or halves the grid, then the same residual module over and over. */
interface Stage {
  readonly first: Branches
  readonly branches: Branches
  readonly repeats: number
  /** What the branches are multiplied by before they are added, so that training stays stable (section 3.3). */
  readonly scale: number
}

const stages: readonly Stage[] = [
  {
    // 35 x 35 x 320
    first: {
      branch0: [conv(96, 1)],
      branch1: [conv(48, 1), conv(64, 5)],
      branch2: [conv(64, 1), conv(96, 3), conv(96, 3)],
      branch3: [average, conv(64, 1)],
    },
    branches: {
      branch0: [conv(32, 1)],
      branch1: [conv(32, 1), conv(32, 3)],
      branch2: [conv(32, 1), conv(48, 3), conv(64, 3)],
    },
    repeats: 10,
    scale: 0.17,
  },
  {
    // 17 x 17 x 1088
    first: { branch0: [conv(384, 3)], branch1: [conv(256, 1), conv(256, 3), conv(384, 3)] },
    branches: { branch0: [conv(192, 1)], branch1: [conv(128, 1), conv(160, row(7)), conv(192, column(7))] },
    repeats: 20,
    scale: 0.1,
  },
  {
    // 8 x 8 x 2080
    first: {
      branch0: [conv(256, 1), conv(384, 3)],
      branch1: [conv(256, 1), conv(288, 3)],
      branch2: [conv(256, 1), conv(288, 3), conv(320, 3)],
    },
    branches: { branch0: [conv(192, 1)], branch1: [conv(192, 1), conv(224, row(3)), conv(256, column(3))] },
    repeats: 10,
    scale: 0.2,
  },
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

const timm: PublishedForm = {
  ...keras,
  name: 'timm',
  normMomentum: 0.9,
  normVariance: 'sample',
  normScale: true,
  kernelInitializer: 'torchUniform',
}

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  let x = inceptionStem(input, scope.at('stem')) // 35 x 35 x 192 from 299 x 299
  stages.forEach(({ first, branches, repeats, scale }, s) => {
    const stage = scope.at(`stage${s + 1}`)
    x = (s === 0 ? inception : gridReduction)(x, stage.at('block1'), { branches: first })
    for (let b = 2; b <= repeats + 1; b++) {
      // The very last is not scaled, and no ReLU follows it.
      const last = s === 2 && b === repeats + 1
      x = residual(x, stage.at(`block${b}`), branches, last ? 1 : scale)
      if (!last) x = activate(x, stage.at(`block${b}`), 'relu')
    }
  })
  return convNorm(x, scope.at('stage3').at('conv'), { ...conv(1536, 1), activation: 'relu' }) // 8 x 8 x 1536
}

/** Branches, a 1x1 convolution with bias back to the channels there were, and the sum with what came in (figures 16, 17 and 19). */
function residual(x: SymbolicTensor, scope: Scope, branches: Branches, scale: number): SymbolicTensor {
  const mixed = inception(x, scope, { branches })
  let y = convolution(mixed, scope.at('up'), conv(x.shape.at(-1)!, 1))
  if (scale !== 1) y = layers.rescaling({ name: scope.at('scale').path, scale }).apply(y) as SymbolicTensor
  return layers.add({ name: scope.at('add').path }).apply([x, y]) as SymbolicTensor
}

const convolutions = [
  ...stemPaths,
  ...stages.flatMap(({ first, branches, repeats }, s) =>
    modulePaths([first, ...Array<Branches>(repeats).fill(branches)], `stage${s + 1}`),
  ),
]

/** Inception-ResNet v2: body, flavors, dialects and records. */
export const inceptionResnetV2Architecture: Architecture = {
  name: 'inception_resnet_v2',
  body,
  flavors: [keras, timm],
  minimumSize: 75,
  preprocessing: tf299,
  dialects: inceptionResnetV2Names(convolutions),
  records: inceptionResnetV2Records,
  paper: 'https://arxiv.org/abs/1602.07261',
}

/** Inception-ResNet v2 (Szegedy et al. 2016): 55.9 M parameters, 299 x 299. Options, result and errors as `createModel`. */
export function inceptionResnetV2(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(inceptionResnetV2Architecture, options)
}
