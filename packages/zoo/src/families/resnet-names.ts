import type { Dialect, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'

const kerasBody: readonly Rule[] = [
  ['stem.conv', 'conv1_conv'],
  ['stem.conv.norm', 'conv1_bn'],
  ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_conv`],
  ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_bn`],
  ['stage{s}.block{b}.shortcut', ({ s, b }) => `conv${s! + 1}_block${b}_0_conv`],
  ['stage{s}.block{b}.shortcut.norm', ({ s, b }) => `conv${s! + 1}_block${b}_0_bn`],
]

const keras = (name: string, layers: readonly Rule[]): Dialect => ({
  name,
  flavors: ['keras'],
  layout: kerasLayout,
  layers,
})

/** The names of Keras Applications today: `conv5_block3_2_conv`. */
export const kerasNames: Dialect = keras('keras', [...kerasBody, ['head.logits', 'predictions']])

/** The same as Keras' published files have them, which are older than the class. */
export const kerasFileNames: Dialect = keras('keras-file', [...kerasBody, ['head.logits', 'probs']])

const letter = (n: number): string => String.fromCharCode(96 + n)

/** The names of 2017, from the Caffe model: `res5c_branch2b`. */
export const caffeNames: Dialect = keras('keras-2017', [
  ['stem.conv', 'conv1'],
  ['stem.conv.norm', 'bn_conv1'],
  ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `res${s! + 1}${letter(b!)}_branch2${letter(i!)}`],
  ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `bn${s! + 1}${letter(b!)}_branch2${letter(i!)}`],
  ['stage{s}.block{b}.shortcut', ({ s, b }) => `res${s! + 1}${letter(b!)}_branch1`],
  ['stage{s}.block{b}.shortcut.norm', ({ s, b }) => `bn${s! + 1}${letter(b!)}_branch1`],
  ['head.logits', 'fc1000'],
])

const torchBody: readonly Rule[] = [
  ['stem.conv', 'conv1'],
  ['stem.conv.norm', 'bn1'],
  ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `layer${s}.${b! - 1}.conv${i}`],
  ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `layer${s}.${b! - 1}.bn${i}`],
  ['stage{s}.block{b}.shortcut', ({ s, b }) => `layer${s}.${b! - 1}.downsample.0`],
  ['stage{s}.block{b}.shortcut.norm', ({ s, b }) => `layer${s}.${b! - 1}.downsample.1`],
]

/** torchvision's names, which timm shares: `layer4.2.conv2`. */
export const torchNames: Dialect = {
  name: 'torchvision',
  flavors: ['torchvision', 'paper'],
  layout: torchLayout,
  layers: [...torchBody, ['head.logits', 'fc']],
}

/** The names of Caffe2's ResNet-50 in ONNX's model zoo (resnet50-caffe2-v1): `gpu_0/res5_2_branch2b`. */
export const onnxNames: Dialect = {
  name: 'onnx',
  flavors: ['torchvision'],
  layout: {
    suffixes: {
      kernel: '_w_0',
      bias: '_b_0',
      gamma: '_s_0',
      beta: '_b_0',
      moving_mean: '_rm_0',
      moving_variance: '_riv_0',
    },
    axes: 'torch',
  },
  layers: [
    ['stem.conv', 'gpu_0/conv1'],
    ['stem.conv.norm', 'gpu_0/res_conv1_bn'],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `gpu_0/res${s! + 1}_${b! - 1}_branch2${letter(i!)}`],
    ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `gpu_0/res${s! + 1}_${b! - 1}_branch2${letter(i!)}_bn`],
    ['stage{s}.block{b}.shortcut', ({ s, b }) => `gpu_0/res${s! + 1}_${b! - 1}_branch1`],
    ['stage{s}.block{b}.shortcut.norm', ({ s, b }) => `gpu_0/res${s! + 1}_${b! - 1}_branch1_bn`],
    ['head.logits', 'gpu_0/pred'],
  ],
  // Left from the training and the conversion.
  extra: /^OC2_DUMMY_|_blobs_queue_/,
}

/** Those of akamaster/pytorch_resnet_cifar10, where the classifier is called otherwise. */
export const cifarNames: Dialect = {
  name: 'torch',
  layout: torchLayout,
  layers: [...torchBody, ['head.logits', 'linear']],
}
