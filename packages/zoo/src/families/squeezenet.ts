// Iandola et al. 2016, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size", table 1 (arXiv:1602.07360);
// 1.1 is the authors' own revision (forresti/SqueezeNet). Equals torchvision.models.squeezenet.
import { convActivation, drop, globalPool, pool, roundUp, type Scope } from '@cnnkit/layers'
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { caffe227, torch224 } from '../records/preprocessing.ts'
import { squeezenetRecords } from '../records/squeezenet.ts'
import { squeezenetDialects } from './squeezenet-names.ts'

/** The SqueezeNets by their release. */
export type SqueezenetName = 'squeezenet1_0' | 'squeezenet1_1'

/** What the releases differ in. */
interface Release {
  /** Of the first convolution, which has no border. */
  readonly stem: { readonly filters: number; readonly kernelSize: number }
  /** Filters of the squeezing 1x1 convolution of each fire module, a list a stage; each of the two that expand has four times as many. */
  readonly stages: readonly (readonly number[])[]
}

const releases: Readonly<Record<SqueezenetName, Release>> = {
  squeezenet1_0: { stem: { filters: 96, kernelSize: 7 }, stages: [[16, 16, 32], [32, 48, 48, 64], [64]] },
  squeezenet1_1: {
    stem: { filters: 64, kernelSize: 3 },
    stages: [
      [16, 16],
      [32, 32],
      [48, 48, 64, 64],
    ],
  },
}

const torchvision: PublishedForm = {
  name: 'torchvision',
  convBias: true,
  normEpsilon: 1e-5, // has no norms
  normMomentum: 0.9,
  stridedPadding: 'both',
  bottleneckStride: '1x1',
  kernelInitializer: 'heUniform',
}

// The authors' own; the files of ONNX's model zoo are for 224, where rounding changes nothing.
const caffe: PublishedForm = {
  ...torchvision,
  name: 'caffe',
  kernelInitializer: 'leCunUniform', // Caffe's `xavier`
  preprocessing: caffe227,
}

// Its poolings round down: 56, 27 and 13 at 227, where Caffe and torchvision have 56, 28 and 14.
const keras: PublishedForm = { ...caffe, name: 'keras', kernelInitializer: 'glorotUniform' }

const body =
  ({ stem, stages }: Release) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    const conv = scope.at('stem').at('conv')
    let x = convActivation(input, conv, { ...stem, strides: 2, padding: 'valid', activation: 'relu' }) // 111 x 111 from 224 x 224
    stages.forEach((modules, s) => {
      const stage = scope.at(`stage${s + 1}`)
      x = halved(x, stage.at('pool')) // 55 x 55, 27 x 27, 13 x 13
      modules.forEach((filters, b) => {
        x = fire(x, stage.at(`block${b + 1}`), filters)
      })
    })
    return x // 13 x 13 x 512
  }

/** A fire module (section 3.1): 1x1 squeezes, then 1x1 and 3x3 side by side expand. */
function fire(input: SymbolicTensor, scope: Scope, filters: number): SymbolicTensor {
  const activation = 'relu'
  const x = convActivation(input, scope.at('squeeze'), { filters, kernelSize: 1, activation })
  const branches = ([1, 3] as const).map((kernelSize) =>
    convActivation(x, scope.at(`expand${kernelSize}x${kernelSize}`), { filters: 4 * filters, kernelSize, activation }),
  )
  return layers.concatenate({ name: scope.at('concat').path }).apply(branches) as SymbolicTensor
}

function halved(x: SymbolicTensor, scope: Scope): SymbolicTensor {
  const roundsDown = scope.flavor.name === 'keras' || (x.shape[1]! % 2 === 1 && x.shape[2]! % 2 === 1)
  return pool(x, scope, 'max', { strides: 2, padding: roundsDown ? 'valid' : roundUp })
}

/** A grid of logits, cut at zero, and its mean. */
function head(x: SymbolicTensor, scope: Scope, { classes, dropout, pooling }: HeadOptions): SymbolicTensor {
  const initializer = scope.flavor.name === 'keras' ? undefined : ({ normal: 0.01 } as const)
  const grid = convActivation(drop(x, scope, dropout), scope.at('logits'), {
    filters: classes,
    kernelSize: 1,
    activation: 'relu',
    ...(initializer && { kernelInitializer: initializer }),
  })
  return globalPool(grid, scope, pooling)
}

const architecture = (name: SqueezenetName): Architecture => ({
  name,
  body: body(releases[name]),
  head,
  flavors: name === 'squeezenet1_1' ? [torchvision, keras, caffe] : [torchvision],
  minimumSize: name === 'squeezenet1_1' ? 31 : 21,
  dropout: 0.5,
  preprocessing: torch224,
  dialects: squeezenetDialects(releases[name].stages),
  records: squeezenetRecords[name],
  paper: 'https://arxiv.org/abs/1602.07360',
})

/** The SqueezeNets, by name. */
export const squeezenets: Readonly<Record<SqueezenetName, Architecture>> = {
  squeezenet1_0: architecture('squeezenet1_0'),
  squeezenet1_1: architecture('squeezenet1_1'),
}

/** SqueezeNet 1.0 (Iandola et al. 2016): 1.2 M parameters, 0.8 G multiply-accumulates. Options, result and errors as `createModel`. */
export function squeezenet10(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(squeezenets.squeezenet1_0, options)
}

/** SqueezeNet 1.1: 1.2 M parameters, 0.35 G multiply-accumulates. Options, result and errors as `createModel`. */
export function squeezenet11(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(squeezenets.squeezenet1_1, options)
}
