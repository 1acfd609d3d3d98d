import type { Dialect, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'

/** Blocks in each stage. */
const blocks = [1, 2, 3, 7, 4] as const

/** Blocks are numbered through from 0 in the originals. */
const flat = (stage: number, block: number): number =>
  blocks.slice(0, stage - 1).reduce((sum, count) => sum + count, 0) + block - 1

const later =
  (rest: string): Rule[1] =>
  ({ s, b }) =>
    `block_${flat(s!, b!)}_${rest}`

const kerasLayers: readonly Rule[] = [
  ['stem.conv', 'Conv1'],
  ['stem.conv.norm', 'bn_Conv1'],
  ['stage1.block1.depthwise', 'expanded_conv_depthwise'],
  ['stage1.block1.depthwise.norm', 'expanded_conv_depthwise_BN'],
  ['stage1.block1.project', 'expanded_conv_project'],
  ['stage1.block1.project.norm', 'expanded_conv_project_BN'],
  ['stage{s}.block{b}.expand', later('expand')],
  ['stage{s}.block{b}.expand.norm', later('expand_BN')],
  ['stage{s}.block{b}.depthwise', later('depthwise')],
  ['stage{s}.block{b}.depthwise.norm', later('depthwise_BN')],
  ['stage{s}.block{b}.project', later('project')],
  ['stage{s}.block{b}.project.norm', later('project_BN')],
  ['stage5.conv', 'Conv_1'],
  ['stage5.conv.norm', 'Conv_1_bn'],
]

/** In torchvision the first block has no expansion, so its convolutions are numbered one lower. */
const inTorchvision =
  (index: (isFirst: boolean) => string): Rule[1] =>
  ({ s, b }) =>
    `features.${flat(s!, b!) + 1}.conv.${index(s === 1)}`

const torchvisionLayers: readonly Rule[] = [
  ['stem.conv', 'features.0.0'],
  ['stem.conv.norm', 'features.0.1'],
  ['stage{s}.block{b}.expand', inTorchvision(() => '0.0')],
  ['stage{s}.block{b}.expand.norm', inTorchvision(() => '0.1')],
  ['stage{s}.block{b}.depthwise', inTorchvision((isFirst) => (isFirst ? '0.0' : '1.0'))],
  ['stage{s}.block{b}.depthwise.norm', inTorchvision((isFirst) => (isFirst ? '0.1' : '1.1'))],
  ['stage{s}.block{b}.project', inTorchvision((isFirst) => (isFirst ? '1' : '2'))],
  ['stage{s}.block{b}.project.norm', inTorchvision((isFirst) => (isFirst ? '2' : '3'))],
  ['stage5.conv', 'features.18.0'],
  ['stage5.conv.norm', 'features.18.1'],
  ['head.logits', 'classifier.1'],
]

/** timm has a row of the paper's table a stage, and calls the first block's projection as MobileNet v1's convolution. */
const inTimm =
  (rest: string): Rule[1] =>
  ({ s, b }) => {
    const [stage, block] = row(s!, b!)
    return `blocks.${stage}.${block}.${rest}`
  }

function row(stage: number, block: number): readonly [stage: number, block: number] {
  if (stage === 4) return block <= 4 ? [3, block - 1] : [4, block - 5]
  if (stage === 5) return block <= 3 ? [5, block - 1] : [6, 0]
  return [stage - 1, block - 1]
}

const timmLayers: readonly Rule[] = [
  ['stem.conv', 'conv_stem'],
  ['stem.conv.norm', 'bn1'],
  ['stage1.block1.depthwise', 'blocks.0.0.conv_dw'],
  ['stage1.block1.depthwise.norm', 'blocks.0.0.bn1'],
  ['stage1.block1.project', 'blocks.0.0.conv_pw'],
  ['stage1.block1.project.norm', 'blocks.0.0.bn2'],
  ['stage{s}.block{b}.expand', inTimm('conv_pw')],
  ['stage{s}.block{b}.expand.norm', inTimm('bn1')],
  ['stage{s}.block{b}.depthwise', inTimm('conv_dw')],
  ['stage{s}.block{b}.depthwise.norm', inTimm('bn2')],
  ['stage{s}.block{b}.project', inTimm('conv_pwl')],
  ['stage{s}.block{b}.project.norm', inTimm('bn3')],
  ['stage5.conv', 'conv_head'],
  ['stage5.conv.norm', 'bn2'],
  ['head.logits', 'classifier'],
]

/** The names that published files of MobileNet v2 use. Keras renamed the classifier after its files were written. */
export const mobilenetV2Dialects: readonly Dialect[] = [
  {
    name: 'keras',
    flavors: ['keras'],
    layout: kerasLayout,
    layers: [...kerasLayers, ['head.logits', 'predictions']],
  },
  { name: 'keras-2018', flavors: ['keras'], layout: kerasLayout, layers: [...kerasLayers, ['head.logits', 'Logits']] },
  { name: 'torchvision', flavors: ['torchvision'], layout: torchLayout, layers: torchvisionLayers },
  { name: 'timm', flavors: ['torchvision'], layout: torchLayout, layers: timmLayers },
]
