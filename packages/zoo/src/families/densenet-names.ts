import type { Dialect, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'

const keras = (name: string, stem: readonly Rule[], logits: string): Dialect => ({
  name,
  flavors: ['keras'],
  layout: kerasLayout,
  layers: [
    ...stem,
    ['stage{s}.block{b}.norm', ({ s, b }) => `conv${s! + 1}_block${b}_0_bn`],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_conv`],
    ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_bn`],
    ['stage{s}.transition.norm', ({ s }) => `pool${s}_bn`],
    ['stage{s}.transition.conv', ({ s }) => `pool${s}_conv`],
    ['stage4.norm', 'bn'],
    ['head.logits', logits],
  ],
})

/** The names of Keras Applications today, then those of the published files, which are older. */
export const kerasNames: readonly Dialect[] = [
  keras(
    'keras',
    [
      ['stem.conv', 'conv1_conv'],
      ['stem.conv.norm', 'conv1_bn'],
    ],
    'predictions',
  ),
  keras(
    'keras-file',
    [
      ['stem.conv', 'conv1/conv'],
      ['stem.conv.norm', 'conv1/bn'],
    ],
    'fc1000',
  ),
]

/** In PyTorch; a dot stands before the numbers in torchvision's published files. */
const torch = (name: string, flavor: string, last: string, dot: '' | '.'): Dialect => ({
  name,
  flavors: [flavor],
  layout: torchLayout,
  layers: [
    ['stem.conv', 'features.conv0'],
    ['stem.conv.norm', 'features.norm0'],
    ['stage{s}.block{b}.norm', ({ s, b }) => `features.denseblock${s}.denselayer${b}.norm${dot}1`],
    ['stage{s}.block{b}.conv', ({ s, b }) => `features.denseblock${s}.denselayer${b}.conv${dot}1`],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `features.denseblock${s}.denselayer${b}.conv${dot}${i}`],
    ['stage{s}.block{b}.conv1.norm', ({ s, b }) => `features.denseblock${s}.denselayer${b}.norm${dot}2`],
    ['stage{s}.transition.norm', ({ s }) => `features.transition${s! - 1}.norm`],
    ['stage{s}.transition.conv', ({ s }) => `features.transition${s! - 1}.conv`],
    ['stage{s}.norm', `features.${last}`],
    ['head.logits', 'classifier'],
  ],
})

/** torchvision's names, which timm shares, then those of torchvision's published files, which are older. */
export const torchNames: readonly Dialect[] = [
  torch('torchvision', 'torchvision', 'norm5', ''),
  torch('torchvision-file', 'torchvision', 'norm5', '.'),
]

/** The names of Caffe's DenseNet-121 in ONNX's model zoo, where a norm is two layers: `conv5_16/x2/bn`. */
export const onnxNames: Dialect = {
  name: 'onnx',
  flavors: ['torchvision'],
  layout: {
    suffixes: {
      kernel: '_w_0',
      bias: '_b_0',
      gamma: '/bn_w_0',
      beta: '/bn_b_0',
      moving_mean: '/bn_mean_0',
      moving_variance: '/bn_var_0',
    },
    axes: 'torch',
  },
  layers: [
    ['stem.conv', 'conv1'],
    ['stem.conv.norm', 'conv1'],
    ['stage{s}.block{b}.norm', ({ s, b }) => `conv${s! + 1}_${b}/x1`],
    ['stage{s}.block{b}.conv1.norm', ({ s, b }) => `conv${s! + 1}_${b}/x2`],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `conv${s! + 1}_${b}/x${i}`],
    ['stage{s}.transition.norm', ({ s }) => `conv${s}_blk`],
    ['stage{s}.transition.conv', ({ s }) => `conv${s}_blk`],
    ['stage4.norm', 'conv5_blk'],
    ['head.logits', 'fc6'],
  ],
  // The classifier is a 1x1 convolution over the pooled 1 x 1 grid.
  shapes: { 'head.logits/kernel': (shape) => [...shape, 1, 1] },
  // Caffe2's own factor and offset beside those of Caffe's second layer; its converter sets them to 1 and 0.
  extra: /\/bn_(scale|bias)_0$/,
}

/** Those of gpleiss/efficient_densenet_pytorch, for 32 x 32. */
export const cifarNames: Dialect = torch('torch', 'paper', 'norm_final', '')
