import type { Dialect } from '../dialect.ts'
import { caffe2Layout, type Layout, slimLayout } from '../layout.ts'
import { letter, moduleRules } from './googlenet-names.ts'

const caffeModule = {
  'branch1x1.conv1': '1x1',
  'branch3x3.conv1': '3x3_reduce',
  'branch3x3.conv2': '3x3',
  'branchDouble.conv1': 'double3x3_reduce',
  'branchDouble.conv2': 'double3x3a',
  'branchDouble.conv3': 'double3x3b',
  'branchPool.conv1': 'pool_proj',
}

/** A norm of Caffe's is two layers: `conv1/bn` with the statistics, `conv1/bn/sc` with factor and offset. */
const scaledLayout: Layout = {
  ...caffe2Layout,
  suffixes: {
    ...caffe2Layout.suffixes,
    gamma: '/bn/sc_w_0',
    beta: '/bn/sc_b_0',
    moving_mean: '/bn_mean_0',
    moving_variance: '/bn_var_0',
  },
}

const lastModule = { 1: 3, 2: 5 } as Readonly<Record<number, number>>

/** The names of Caffe's network as ONNX's model zoo has it. What halves the grid is the last module of the stage before: 3c, 4e. */
const onnxNames: Dialect = {
  name: 'onnx',
  flavors: ['onnx'],
  layout: scaledLayout,
  layers: [
    ['stem.conv1', 'conv1/7x7_s2'],
    ['stem.conv1.norm', 'conv1/7x7_s2'],
    ['stem.conv2', 'conv2/3x3_reduce'],
    ['stem.conv2.norm', 'conv2/3x3_reduce'],
    ['stem.conv3', 'conv2/3x3'],
    ['stem.conv3.norm', 'conv2/3x3'],
    ...moduleRules(caffeModule, (s, b) => `inception_${s + 2}${letter(b)}/`, ['', '']),
    ...moduleRules(
      caffeModule,
      (s) => `inception_${s + 1}${letter(lastModule[s - 1]!)}/`,
      ['', ''],
      'stage{s}.reduction',
    ),
    ['head.logits', 'loss3/classifier'],
  ],
  // Caffe2's own factor and offset beside those of Caffe's second layer; its converter sets them to 1 and 0.
  extra: /\/bn_(scale|bias)_0$/,
}

const slimModule = {
  'branch1x1.conv1': '/Branch_0/Conv2d_0a_1x1',
  'branch3x3.conv1': '/Branch_1/Conv2d_0a_1x1',
  'branch3x3.conv2': '/Branch_1/Conv2d_0b_3x3',
  'branchDouble.conv1': '/Branch_2/Conv2d_0a_1x1',
  'branchDouble.conv2': '/Branch_2/Conv2d_0b_3x3',
  'branchDouble.conv3': '/Branch_2/Conv2d_0c_3x3',
  'branchPool.conv1': '/Branch_3/Conv2d_0b_1x1',
}

const slimReduction = {
  'branch3x3.conv1': '/Branch_0/Conv2d_0a_1x1',
  'branch3x3.conv2': '/Branch_0/Conv2d_1a_3x3',
  'branchDouble.conv1': '/Branch_1/Conv2d_0a_1x1',
  'branchDouble.conv2': '/Branch_1/Conv2d_0b_3x3',
  'branchDouble.conv3': '/Branch_1/Conv2d_1a_3x3',
}

const slimNames: Dialect = {
  name: 'slim',
  flavors: ['slim'],
  layout: slimLayout,
  layers: [
    ['stem.conv1.depthwise', 'InceptionV2/Conv2d_1a_7x7'],
    ['stem.conv1.pointwise/kernel', 'InceptionV2/Conv2d_1a_7x7/pointwise_weights'],
    ['stem.conv1.pointwise/bias', 'InceptionV2/Conv2d_1a_7x7/biases'],
    ['stem.conv2', 'InceptionV2/Conv2d_2b_1x1'],
    ['stem.conv2.norm', 'InceptionV2/Conv2d_2b_1x1/BatchNorm'],
    ['stem.conv3', 'InceptionV2/Conv2d_2c_3x3'],
    ['stem.conv3.norm', 'InceptionV2/Conv2d_2c_3x3/BatchNorm'],
    ...moduleRules(slimModule, (s, b) => `InceptionV2/Mixed_${s + 2}${letter(b + 1)}`, ['', '/BatchNorm']),
    ...moduleRules(slimReduction, (s) => `InceptionV2/Mixed_${s + 2}a`, ['', '/BatchNorm'], 'stage{s}.reduction'),
    ['head.logits', 'InceptionV2/Logits/Conv2d_1c_1x1'],
  ],
  shapes: { 'head.logits/kernel': (shape) => [1, 1, ...shape] },
  background: true,
}

/** The names that published files of Inception v2 use. */
export const inceptionV2Dialects: readonly Dialect[] = [onnxNames, slimNames]
