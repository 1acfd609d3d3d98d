// Howard et al. 2017, "MobileNets: efficient convolutional neural networks for mobile vision applications", table 1;
// arXiv:1704.04861. The Keras flavor equals keras.applications.mobilenet, the timm flavor timm's mobilenetv1_100.
import { convNorm, type Padding, type Scope, separable } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import type { Dialect } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { mobilenetV1Records } from '../records/mobilenet-v1.ts'
import { tf224 } from '../records/preprocessing.ts'

/** MobileNet v1 by width: 100 is the paper's, 025 has a quarter of its channels. */
export type MobilenetV1Name = `mobilenet_v1_${'025' | '050' | '075' | '100'}`

const widths: Readonly<Record<MobilenetV1Name, number>> = {
  mobilenet_v1_025: 0.25,
  mobilenet_v1_050: 0.5,
  mobilenet_v1_075: 0.75,
  mobilenet_v1_100: 1,
}

/** Filters of each separable block (table 1), a row a stage; the first block of each stage but the first halves the grid. */
const stages = [[64], [128, 128], [256, 256], [512, 512, 512, 512, 512, 512], [1024, 1024]] as const

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const timm: PublishedForm = {
  ...keras,
  name: 'timm',
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  kernelInitializer: 'heNormalFanOut',
  preprocessing: { ...tf224, filter: 'bicubic' },
  dropout: 0,
}

// Keras pads a strided depthwise convolution with a row below and a column to the right, then convolves without padding.
const below: Padding = [
  [0, 1],
  [0, 1],
]

const body =
  (width: number) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    const scaled = (filters: number): number => Math.trunc(filters * width)
    let x = convNorm(input, scope.at('stem').at('conv'), {
      filters: scaled(32),
      kernelSize: 3,
      strides: 2,
      activation: 'relu6',
    }) // 112 x 112 x 32 from 224 x 224
    stages.forEach((blocks, s) => {
      blocks.forEach((filters, b) => {
        const padding: Padding = scope.flavor.name === 'keras' ? below : 'same'
        const border = s > 0 && b === 0 ? { strides: 2, padding } : {}
        x = separable(x, scope.at(`stage${s + 1}`).at(`block${b + 1}`), { filters: scaled(filters), ...border })
      }) // 112 x 112 x 64, 56 x 56 x 128, 28 x 28 x 256, 14 x 14 x 512, 7 x 7 x 1024
    })
    return x
  }

/** Blocks are numbered through from 1 in Keras: `conv_pw_13`. */
const flat = (stage: number, block: number): number =>
  stages.slice(0, stage - 1).reduce((sum, blocks) => sum + blocks.length, 0) + block

const kerasNames: Dialect = {
  name: 'keras',
  flavors: ['keras'],
  layout: kerasLayout,
  layers: [
    ['stem.conv', 'conv1'],
    ['stem.conv.norm', 'conv1_bn'],
    ['stage{s}.block{b}.depthwise', ({ s, b }) => `conv_dw_${flat(s!, b!)}`],
    ['stage{s}.block{b}.depthwise.norm', ({ s, b }) => `conv_dw_${flat(s!, b!)}_bn`],
    ['stage{s}.block{b}.pointwise', ({ s, b }) => `conv_pw_${flat(s!, b!)}`],
    ['stage{s}.block{b}.pointwise.norm', ({ s, b }) => `conv_pw_${flat(s!, b!)}_bn`],
    ['head.logits', 'conv_preds'],
  ],
  // Keras classifies by a 1x1 convolution over the pooled 1 x 1 grid, which is a dense layer.
  shapes: { 'head.logits/kernel': ([channels, classes]) => [1, 1, channels!, classes!] },
}

const timmNames: Dialect = {
  name: 'timm',
  flavors: ['timm'],
  layout: torchLayout,
  layers: [
    ['stem.conv', 'conv_stem'],
    ['stem.conv.norm', 'bn1'],
    ['stage{s}.block{b}.depthwise', ({ s, b }) => `blocks.${s! - 1}.${b! - 1}.conv_dw`],
    ['stage{s}.block{b}.depthwise.norm', ({ s, b }) => `blocks.${s! - 1}.${b! - 1}.bn1`],
    ['stage{s}.block{b}.pointwise', ({ s, b }) => `blocks.${s! - 1}.${b! - 1}.conv_pw`],
    ['stage{s}.block{b}.pointwise.norm', ({ s, b }) => `blocks.${s! - 1}.${b! - 1}.bn2`],
    ['head.logits', 'classifier'],
  ],
}

const architecture = (name: MobilenetV1Name): Architecture => ({
  name,
  body: body(widths[name]),
  flavors: [keras, timm],
  minimumSize: 32,
  dropout: 1e-3,
  preprocessing: tf224,
  dialects: [kerasNames, timmNames],
  records: mobilenetV1Records[name],
  paper: 'https://arxiv.org/abs/1704.04861',
})

/** The MobileNets of 2017, by name. */
export const mobilenetsV1: Readonly<Record<MobilenetV1Name, Architecture>> = {
  mobilenet_v1_025: architecture('mobilenet_v1_025'),
  mobilenet_v1_050: architecture('mobilenet_v1_050'),
  mobilenet_v1_075: architecture('mobilenet_v1_075'),
  mobilenet_v1_100: architecture('mobilenet_v1_100'),
}

/**
 * MobileNet v1 at a quarter of the width: 0.48 M parameters, 41 M multiply-accumulates at 224 x 224. Options, result and
 * errors as `createModel`.
 */
export function mobilenetV1025(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV1.mobilenet_v1_025, options)
}

/** MobileNet v1 at half the width: 1.3 M parameters. Options, result and errors as `createModel`. */
export function mobilenetV1050(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV1.mobilenet_v1_050, options)
}

/** MobileNet v1 at three quarters of the width: 2.6 M parameters. Options, result and errors as `createModel`. */
export function mobilenetV1075(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV1.mobilenet_v1_075, options)
}

/** MobileNet v1 as in the paper (Howard et al. 2017): 4.3 M parameters. Options, result and errors as `createModel`. */
export function mobilenetV1100(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV1.mobilenet_v1_100, options)
}
