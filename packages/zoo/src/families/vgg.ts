// Simonyan and Zisserman 2014, "Very deep convolutional networks for large-scale image recognition", table 1, columns A, B, D
// and E (arXiv:1409.1556). Equals keras.applications.vgg16 and vgg19, torchvision.models.vgg, and Oxford's Caffe models.
import { convActivation, convNorm, fullyConnectedHead, pool, type Scope } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { caffe224, torch224 } from '../records/preprocessing.ts'
import { vggRecords } from '../records/vgg.ts'
import { vggDialects } from './vgg-names.ts'

/** The columns of table 1 that are still in use, each without and with batch norm. */
export type VggName = `vgg${11 | 13 | 16 | 19}${'' | '_bn'}`

type Depth = readonly [number, number, number, number, number]

/** 3x3 convolutions in each stage; a pooling ends the stage. */
const depths: Readonly<Record<string, Depth>> = {
  vgg11: [1, 1, 2, 2, 2], // A
  vgg13: [2, 2, 2, 2, 2], // B
  vgg16: [2, 2, 3, 3, 3], // D
  vgg19: [2, 2, 4, 4, 4], // E
}

const filters = [64, 128, 256, 512, 512] as const

const torchvision: PublishedForm = {
  name: 'torchvision',
  convBias: true,
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  bottleneckStride: '1x1',
  kernelInitializer: 'heNormalFanOut',
  preprocessing: torch224,
  dropout: 0.5,
}

const keras: PublishedForm = {
  ...torchvision,
  name: 'keras',
  kernelInitializer: 'glorotUniform',
  preprocessing: caffe224,
  dropout: 0,
}

// Oxford's own, which Keras' is a port of.
const caffe: PublishedForm = { ...keras, name: 'caffe', kernelInitializer: { normal: 0.01 }, dropout: 0.5 }

const body =
  (depth: Depth, normed: boolean) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    const unit = normed ? convNorm : convActivation
    let x = input
    depth.forEach((convolutions, s) => {
      const stage = scope.at(`stage${s + 1}`)
      for (let c = 1; c <= convolutions; c++) {
        x = unit(x, stage.at(`conv${c}`), { filters: filters[s]!, kernelSize: 3, activation: 'relu' })
      }
      x = pool(x, stage.at('pool'), 'max', { size: 2, strides: 2, padding: 'valid' })
    }) // 112 x 112 x 64 from 224 x 224, 56 x 56 x 128, 28 x 28 x 256, 14 x 14 x 512, 7 x 7 x 512
    return x
  }

/** torchvision averages other grids to 7 x 7, so that its weights serve any size; the others' dense layers fit the size they are built for. */
function head(x: SymbolicTensor, scope: Scope, { classes, dropout }: HeadOptions): SymbolicTensor {
  if (scope.flavor.name !== 'torchvision') return fullyConnectedHead(x, scope, { classes, dropout })
  const normal = { normal: 0.01 } as const
  return fullyConnectedHead(x, scope, {
    classes,
    dropout,
    grid: [7, 7],
    kernelInitializer: normal,
    logitsInitializer: normal,
  })
}

const flavorsOf = (name: VggName): readonly PublishedForm[] => {
  if (name === 'vgg16') return [keras, torchvision]
  return name === 'vgg19' ? [keras, torchvision, caffe] : [torchvision]
}

const architecture = (name: VggName): Architecture => {
  const normed = name.endsWith('_bn')
  const depth = depths[name.replace('_bn', '')]!
  return {
    name,
    body: body(depth, normed),
    head,
    flavors: flavorsOf(name),
    minimumSize: 32,
    preprocessing: flavorsOf(name)[0]!.preprocessing!,
    dialects: vggDialects(depth, normed),
    records: vggRecords[name],
    paper: 'https://arxiv.org/abs/1409.1556',
  }
}

/** The VGG networks, by name. */
export const vggs: Readonly<Record<VggName, Architecture>> = {
  vgg11: architecture('vgg11'),
  vgg11_bn: architecture('vgg11_bn'),
  vgg13: architecture('vgg13'),
  vgg13_bn: architecture('vgg13_bn'),
  vgg16: architecture('vgg16'),
  vgg16_bn: architecture('vgg16_bn'),
  vgg19: architecture('vgg19'),
  vgg19_bn: architecture('vgg19_bn'),
}

/** VGG-11 (Simonyan and Zisserman 2014): 133 M parameters, 7.6 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg11(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg11, options)
}

/** VGG-11 with batch norm: 133 M parameters, 7.6 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg11bn(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg11_bn, options)
}

/** VGG-13: 133 M parameters, 11.3 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg13(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg13, options)
}

/** VGG-13 with batch norm: 133 M parameters, 11.3 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg13bn(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg13_bn, options)
}

/** VGG-16: 138 M parameters, 15.5 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg16(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg16, options)
}

/** VGG-16 with batch norm: 138 M parameters, 15.5 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg16bn(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg16_bn, options)
}

/** VGG-19: 144 M parameters, 19.6 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg19(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg19, options)
}

/** VGG-19 with batch norm: 144 M parameters, 19.6 G multiply-accumulates. Options, result and errors as `createModel`. */
export function vgg19bn(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(vggs.vgg19_bn, options)
}
