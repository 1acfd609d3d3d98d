// He, Zhang, Ren, Sun 2015, "Deep residual learning for image recognition", table 1; arXiv:1512.03385.
// The Keras flavor equals keras.applications.resnet: biases in the convolutions, stride in the first 1x1 of a stage.
import { bottleneck, convNorm, type Flavor, type Scope, zeroPad } from '@cnnkit/layers'
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture } from '../architecture.ts'
import type { Dialect } from '../dialect.ts'
import { kerasLayout } from '../layout.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { caffe224 } from '../records/preprocessing.ts'
import { resnetRecords } from '../records/resnet.ts'

/** The residual networks of table 1 that are made of bottlenecks. */
export type ResnetName = 'resnet50' | 'resnet101' | 'resnet152'

/** Bottlenecks in each stage (table 1: conv2_x to conv5_x). */
const depths: Readonly<Record<ResnetName, readonly [number, number, number, number]>> = {
  resnet50: [3, 4, 6, 3],
  resnet101: [3, 4, 23, 3],
  resnet152: [3, 8, 36, 3],
}

const filters = [64, 128, 256, 512] as const

const keras: Flavor = {
  name: 'keras',
  convBias: true,
  normEpsilon: 1.001e-5,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '1x1',
  kernelInitializer: 'glorotUniform',
}

const body =
  (depth: readonly number[]) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    let x = stem(input, scope.at('stem')) // 56 x 56 x 64 from 224 x 224
    depth.forEach((blocks, i) => {
      x = stage(x, scope.at(`stage${i + 1}`), blocks, filters[i]!, i === 0 ? 1 : 2) // 56 x 56 x 256, 28 x 28 x 512, ...
    })
    return x // 7 x 7 x 2048
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
  const pool = scope.at('pool')
  return layers
    .maxPooling2d({ name: pool.path, poolSize: 3, strides: 2, padding: 'valid' })
    .apply(zeroPad(x, pool, 1)) as SymbolicTensor
}

function stage(input: SymbolicTensor, scope: Scope, blocks: number, width: number, strides: number): SymbolicTensor {
  let x = bottleneck(input, scope.at('block1'), { filters: width, strides, project: true })
  for (let block = 2; block <= blocks; block++) x = bottleneck(x, scope.at(`block${block}`), { filters: width })
  return x
}

/** The names of Keras Applications today: `conv5_block3_2_conv`. */
const kerasNames: Dialect = {
  name: 'keras',
  layout: kerasLayout,
  layers: [
    ['stem.conv', 'conv1_conv'],
    ['stem.conv.norm', 'conv1_bn'],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_conv`],
    ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_bn`],
    ['stage{s}.block{b}.shortcut', ({ s, b }) => `conv${s! + 1}_block${b}_0_conv`],
    ['stage{s}.block{b}.shortcut.norm', ({ s, b }) => `conv${s! + 1}_block${b}_0_bn`],
    ['head.logits', 'predictions'],
  ],
}

/** The names of 2017, from the Caffe model: `res5c_branch2b`. */
const caffeNames: Dialect = {
  name: 'keras-2017',
  layout: kerasLayout,
  layers: [
    ['stem.conv', 'conv1'],
    ['stem.conv.norm', 'bn_conv1'],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `res${s! + 1}${letter(b!)}_branch2${letter(i!)}`],
    ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `bn${s! + 1}${letter(b!)}_branch2${letter(i!)}`],
    ['stage{s}.block{b}.shortcut', ({ s, b }) => `res${s! + 1}${letter(b!)}_branch1`],
    ['stage{s}.block{b}.shortcut.norm', ({ s, b }) => `bn${s! + 1}${letter(b!)}_branch1`],
    ['head.logits', 'fc1000'],
  ],
}

const letter = (n: number): string => String.fromCharCode(96 + n)

const architecture = (name: ResnetName): Architecture => ({
  name,
  body: body(depths[name]),
  flavors: [keras],
  minimumSize: 32,
  preprocessing: caffe224,
  dialects: [kerasNames, caffeNames],
  records: resnetRecords[name],
  paper: 'https://arxiv.org/abs/1512.03385',
})

/** The residual networks, by name. */
export const resnets: Readonly<Record<ResnetName, Architecture>> = {
  resnet50: architecture('resnet50'),
  resnet101: architecture('resnet101'),
  resnet152: architecture('resnet152'),
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
