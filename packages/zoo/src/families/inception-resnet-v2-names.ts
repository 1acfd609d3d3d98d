import { countedNames } from '../counted-names.ts'
import type { Dialect, Found, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'

/** `block35_1` is the first residual module: they are named by their grid and numbered from the second module of a stage. */
const residual = ({ s, b }: Found): string => `block${[35, 17, 8][s! - 1]}_${b! - 1}`

/** Keras counts its convolutions, from 0 today and from 1 in 2017, but for those that end a residual module and the last. */
const keras = (name: string, first: 0 | 1, convolutions: readonly string[]): Dialect => ({
  name,
  flavors: ['keras'],
  layout: kerasLayout,
  layers: [
    ...countedNames(convolutions, first),
    ['stage{s}.block{b}.up', (found) => `${residual(found)}_conv`],
    ['stage3.conv', 'conv_7b'],
    ['stage3.conv.norm', 'conv_7b_bn'],
    ['head.logits', 'predictions'],
  ],
})

/** timm's name of a module: the first of a stage, those that repeat, and the last of all. */
function module({ s, b }: Found): string {
  if (b === 1) return ['mixed_5b', 'mixed_6a', 'mixed_7a'][s! - 1]!
  if (s === 3 && b === 11) return 'block8'
  return `${['repeat', 'repeat_1', 'repeat_2'][s! - 1]}.${b! - 2}`
}

const unit = (ours: string, theirs: (found: Found) => string): readonly Rule[] => [
  [ours, (found) => `${theirs(found)}.conv`],
  [`${ours}.norm`, (found) => `${theirs(found)}.bn`],
]

const block = 'stage{s}.block{b}'

const timm: Dialect = {
  name: 'timm',
  flavors: ['timm'],
  layout: torchLayout,
  layers: [
    ...unit('stem.conv{i}', ({ i }) => `conv2d_${['1a', '2a', '2b', '3b', '4a'][i! - 1]}`),
    // A branch of one convolution is no sequence; in one that begins with a pooling that is the first.
    ...unit('stage3.block1.branch0.conv{i}', ({ i }) => `mixed_7a.branch0.${i! - 1}`),
    ...unit(`${block}.branch0.conv1`, (found) => `${module(found)}.branch0`),
    ...unit(`${block}.branch3.conv1`, (found) => `${module(found)}.branch3.1`),
    ...unit(`${block}.branch{n}.conv{i}`, (found) => `${module(found)}.branch${found.n}.${found.i! - 1}`),
    [`${block}.up`, (found) => `${module(found)}.conv2d`],
    ...unit('stage3.conv', () => 'conv2d_7b'),
    ['head.logits', 'classif'],
  ],
}

/**
 * Names of Inception-ResNet v2's weights, by the file.
 *
 * @param convolutions the paths of those that Keras counts, in the order in which they are made
 */
export function inceptionResnetV2Names(convolutions: readonly string[]): readonly Dialect[] {
  return [keras('keras', 0, convolutions), keras('keras-2017', 1, convolutions), timm]
}
