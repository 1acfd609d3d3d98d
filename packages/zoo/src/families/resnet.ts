// He, Zhang, Ren, Sun 2015, "Deep residual learning for image recognition", table 1; arXiv:1512.03385.
// The Keras flavor equals keras.applications.resnet: biases in the convolutions, stride in the first 1x1 of a stage. The torchvision
// flavor equals torchvision.models.resnet: stride in the 3x3 ("v1.5"). The plain networks are those of the paper.
import {
  basic,
  bottleneck,
  convNorm,
  globalPool,
  logits,
  plain,
  pool,
  type ResidualOptions,
  type Scope,
} from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { caffe224, torch224 } from '../records/preprocessing.ts'
import { resnetRecords } from '../records/resnet.ts'
import { caffeNames, kerasFileNames, kerasNames, onnxNames, torchNames } from './resnet-names.ts'

/** The networks of table 1: residual ones, and the plain ones without shortcuts that they are compared with. */
export type ResnetName = 'plain18' | 'plain34' | 'resnet18' | 'resnet34' | 'resnet50' | 'resnet101' | 'resnet152'

type Block = (x: SymbolicTensor, scope: Scope, options: ResidualOptions) => SymbolicTensor

/** The block, and how many there are in each stage (table 1: conv2_x to conv5_x). */
const networks: Readonly<Record<ResnetName, readonly [block: Block, depth: readonly number[]]>> = {
  plain18: [plain, [2, 2, 2, 2]],
  plain34: [plain, [3, 4, 6, 3]],
  resnet18: [basic, [2, 2, 2, 2]],
  resnet34: [basic, [3, 4, 6, 3]],
  resnet50: [bottleneck, [3, 4, 6, 3]],
  resnet101: [bottleneck, [3, 4, 23, 3]],
  resnet152: [bottleneck, [3, 8, 36, 3]],
}

const filters = [64, 128, 256, 512] as const

const keras: PublishedForm = {
  name: 'keras',
  convBias: true,
  normEpsilon: 1.001e-5,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '1x1',
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
  kernelInitializer: 'heNormalFanOut',
  preprocessing: torch224,
}

const paper: PublishedForm = { ...torchvision, name: 'paper', kernelInitializer: 'heNormal', preprocessing: caffe224 }

const body =
  (block: Block, depth: readonly number[]) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    let x = stem(input, scope.at('stem')) // 56 x 56 x 64 from 224 x 224
    depth.forEach((blocks, s) => {
      for (let b = 0; b < blocks; b++) {
        const strides = s > 0 && b === 0 ? 2 : 1
        const project = b === 0 && (s > 0 || block === bottleneck)
        x = block(x, scope.at(`stage${s + 1}`).at(`block${b + 1}`), { filters: filters[s]!, strides, project })
      } // 56 x 56, 28 x 28, 14 x 14, 7 x 7; x 64, 128, 256, 512, of bottlenecks four times as many
    })
    return x
  }

function stem(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const x = convNorm(input, scope.at('conv'), {
    filters: 64,
    kernelSize: 7,
    strides: 2,
    padding: 3,
    activation: 'relu',
  })
  // Keras pads with zeros where torchvision pads with minus infinity: after ReLU the maximum is the same.
  return pool(x, scope.at('pool'), 'max', { size: 3, strides: 2, padding: 1 })
}

function head(x: SymbolicTensor, scope: Scope, { classes, dropout, pooling }: HeadOptions): SymbolicTensor {
  // PyTorch draws a linear layer otherwise than the convolutions.
  const drawn = scope.flavor.name === 'torchvision' ? ({ kernelInitializer: 'torchUniform' } as const) : {}
  return logits(globalPool(x, scope, pooling), scope, { classes, dropout, ...drawn })
}

const architecture = (name: ResnetName): Architecture => {
  const [block, depth] = networks[name]
  const shared = {
    name,
    body: body(block, depth),
    head,
    minimumSize: 32,
    paper: 'https://arxiv.org/abs/1512.03385',
  }
  if (name === 'plain18' || name === 'plain34') {
    return { ...shared, flavors: [paper], preprocessing: caffe224, dialects: [torchNames], records: [] }
  }
  const records = resnetRecords[name]
  return block === bottleneck
    ? {
        ...shared,
        flavors: [keras, torchvision],
        preprocessing: caffe224,
        dialects: [kerasNames, kerasFileNames, caffeNames, torchNames, ...(name === 'resnet50' ? [onnxNames] : [])],
        records,
      }
    : { ...shared, flavors: [torchvision], preprocessing: torch224, dialects: [torchNames], records }
}

/** The networks of table 1, by name. */
export const resnets: Readonly<Record<ResnetName, Architecture>> = {
  plain18: architecture('plain18'),
  plain34: architecture('plain34'),
  resnet18: architecture('resnet18'),
  resnet34: architecture('resnet34'),
  resnet50: architecture('resnet50'),
  resnet101: architecture('resnet101'),
  resnet152: architecture('resnet152'),
}

/** The 18-layer network without shortcuts: 11.5 M parameters, no weights. Options, result and errors as `createModel`. */
export function plain18(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.plain18, options)
}

/** The 34-layer network without shortcuts: 21.6 M parameters, no weights. Options, result and errors as `createModel`. */
export function plain34(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.plain34, options)
}

/** ResNet-18 (He et al. 2015): 11.7 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet18(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.resnet18, options)
}

/** ResNet-34 (He et al. 2015): 21.8 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet34(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.resnet34, options)
}

/** ResNet-50 (He et al. 2015): 25.6 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet50(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.resnet50, options)
}

/** ResNet-101 (He et al. 2015): 44.7 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet101(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.resnet101, options)
}

/** ResNet-152 (He et al. 2015): 60.4 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet152(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnets.resnet152, options)
}
