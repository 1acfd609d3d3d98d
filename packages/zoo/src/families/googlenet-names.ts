import type { Dialect, Rule } from '../dialect.ts'
import { caffe2Layout, slimLayout, torchLayout } from '../layout.ts'

/** `inception_3b` is the second block of the first stage. */
export const letter = (n: number): string => String.fromCharCode(96 + n)

/** The names of a module's convolutions, by branch and place in it. */
export type ModuleNames = Readonly<Record<string, string>>

/** A rule for each convolution of a module, and one for its norm. */
export function moduleRules(
  names: ModuleNames,
  module: (stage: number, block: number) => string,
  [conv, norm]: readonly [string, string],
  path = 'stage{s}.block{b}',
): readonly Rule[] {
  return Object.entries(names).flatMap(([ours, theirs]): Rule[] => [
    [`${path}.${ours}`, ({ s, b }) => module(s!, b!) + theirs + conv],
    [`${path}.${ours}.norm`, ({ s, b }) => module(s!, b!) + theirs + norm],
  ])
}

const torchvisionModule: ModuleNames = {
  'branch1x1.conv1': '.branch1',
  'branch3x3.conv1': '.branch2.0',
  'branch3x3.conv2': '.branch2.1',
  'branch5x5.conv1': '.branch3.0',
  'branch5x5.conv2': '.branch3.1',
  'branchPool.conv1': '.branch4.1',
}

const torchvisionNames: Dialect = {
  name: 'torchvision',
  flavors: ['torchvision'],
  layout: torchLayout,
  layers: [
    ['stem.conv{i}', ({ i }) => `conv${i}.conv`],
    ['stem.conv{i}.norm', ({ i }) => `conv${i}.bn`],
    ...moduleRules(torchvisionModule, (s, b) => `inception${s + 2}${letter(b)}`, ['.conv', '.bn']),
    ['aux{a}.conv1', ({ a }) => `aux${a}.conv.conv`],
    ['aux{a}.conv1.norm', ({ a }) => `aux${a}.conv.bn`],
    ['aux{a}.fc', ({ a }) => `aux${a}.fc1`],
    ['aux{a}.logits', ({ a }) => `aux${a}.fc2`],
    ['head.logits', 'fc'],
  ],
}

const caffeModule: ModuleNames = {
  'branch1x1.conv1': '1x1',
  'branch3x3.conv1': '3x3_reduce',
  'branch3x3.conv2': '3x3',
  'branch5x5.conv1': '5x5_reduce',
  'branch5x5.conv2': '5x5',
  'branchPool.conv1': 'pool_proj',
}

/** The names of Caffe's prototxt, as the files of ONNX's model zoo have them; the auxiliary heads are in none of these. */
const onnxNames: Dialect = {
  name: 'onnx',
  flavors: ['paper', 'onnx'],
  layout: caffe2Layout,
  layers: [
    ['stem.conv1', 'conv1/7x7_s2'],
    ['stem.conv2', 'conv2/3x3_reduce'],
    ['stem.conv3', 'conv2/3x3'],
    ...moduleRules(caffeModule, (s, b) => `inception_${s + 2}${letter(b)}/`, ['', '/bn']),
    ['aux{a}.conv1', ({ a }) => `loss${a}/conv`],
    ['aux{a}.fc', ({ a }) => `loss${a}/fc`],
    ['aux{a}.logits', ({ a }) => `loss${a}/classifier`],
    ['head.logits', 'loss3/classifier'],
  ],
}

/** Dense layers with four axes, as Caffe had them before 2015. */
const onnxBlobNames: Dialect = {
  ...onnxNames,
  name: 'onnx-blobs',
  shapes: { 'head.logits/kernel': (shape) => [1, 1, ...shape] },
}

const slimModule: ModuleNames = {
  'branch1x1.conv1': '/Branch_0/Conv2d_0a_1x1',
  'branch3x3.conv1': '/Branch_1/Conv2d_0a_1x1',
  'branch3x3.conv2': '/Branch_1/Conv2d_0b_3x3',
  'branch5x5.conv1': '/Branch_2/Conv2d_0a_1x1',
  'branch5x5.conv2': '/Branch_2/Conv2d_0b_3x3',
  'branchPool.conv1': '/Branch_3/Conv2d_0b_1x1',
}

const slimStem = ['Conv2d_1a_7x7', 'Conv2d_2b_1x1', 'Conv2d_2c_3x3']

const slimNames: Dialect = {
  name: 'slim',
  flavors: ['slim'],
  layout: slimLayout,
  layers: [
    ['stem.conv{i}', ({ i }) => `InceptionV1/${slimStem[i! - 1]}`],
    ['stem.conv{i}.norm', ({ i }) => `InceptionV1/${slimStem[i! - 1]}/BatchNorm`],
    // The one convolution that slim calls otherwise.
    ['stage3.block1.branch5x5.conv2', 'InceptionV1/Mixed_5b/Branch_2/Conv2d_0a_3x3'],
    ['stage3.block1.branch5x5.conv2.norm', 'InceptionV1/Mixed_5b/Branch_2/Conv2d_0a_3x3/BatchNorm'],
    ...moduleRules(slimModule, (s, b) => `InceptionV1/Mixed_${s + 2}${letter(b + 1)}`, ['', '/BatchNorm']),
    ['head.logits', 'InceptionV1/Logits/Conv2d_0c_1x1'],
  ],
  shapes: { 'head.logits/kernel': (shape) => [1, 1, ...shape] },
  background: true,
}

/** The names that published files of GoogLeNet use. */
export const googlenetDialects: readonly Dialect[] = [torchvisionNames, onnxNames, onnxBlobNames, slimNames]
