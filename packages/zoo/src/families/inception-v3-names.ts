import { countedNames } from '../counted-names.ts'
import type { Dialect, Found, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'

/** `Mixed_5b` is the first module: the letters go on from the convolutions and poolings before it. */
const module = ({ s, b }: Found): string => `Mixed_${s! + 4}${String.fromCharCode((s === 1 ? 97 : 96) + b!)}`

/** A convolution with its norm. */
const unit = (ours: string, theirs: (found: Found) => string): readonly Rule[] => [
  [ours, (found) => `${theirs(found)}.conv`],
  [`${ours}.norm`, (found) => `${theirs(found)}.bn`],
]

const block = 'stage{s}.block{b}'

const numbered = ['branch5x5', 'branch3x3', 'branch3x3dbl', 'branch7x7', 'branch7x7dbl', 'branch7x7x3']

/** torchvision's names, which timm has too. */
const torchvision: Dialect = {
  name: 'torchvision',
  flavors: ['torchvision'],
  layout: torchLayout,
  layers: [
    ...unit('stem.conv{i}', ({ i }) => `Conv2d_${['1a_3x3', '2a_3x3', '2b_3x3', '3b_1x1', '4a_3x3'][i! - 1]}`),
    ...unit(`${block}.branch1x1.conv1`, (found) => `${module(found)}.branch1x1`),
    ...unit(`${block}.branchPool.conv1`, (found) => `${module(found)}.branch_pool`),
    ...unit('stage2.block1.branch3x3.conv1', () => 'Mixed_6a.branch3x3'),
    ...numbered.flatMap((branch) =>
      unit(`${block}.${branch}.conv{i}`, (found) => `${module(found)}.${branch}_${found.i}`),
    ),
    ...unit(`${block}.branch3x3.branch1x3.conv1`, (found) => `${module(found)}.branch3x3_2a`),
    ...unit(`${block}.branch3x3.branch3x1.conv1`, (found) => `${module(found)}.branch3x3_2b`),
    ...unit(`${block}.branch3x3dbl.branch1x3.conv1`, (found) => `${module(found)}.branch3x3dbl_3a`),
    ...unit(`${block}.branch3x3dbl.branch3x1.conv1`, (found) => `${module(found)}.branch3x3dbl_3b`),
    ...unit('aux1.conv{i}', ({ i }) => `AuxLogits.conv${i! - 1}`),
    ['aux1.logits', 'AuxLogits.fc'],
    ['head.logits', 'fc'],
  ],
}

/** Keras only counts its convolutions: from 0 today, from 1 in the file of 2016. */
const keras = (name: string, first: 0 | 1, convolutions: readonly string[]): Dialect => ({
  name,
  flavors: ['keras'],
  layout: kerasLayout,
  layers: [...countedNames(convolutions, first), ['head.logits', 'predictions']],
})

/**
 * Names of Inception v3's weights, by the file.
 *
 * @param convolutions the paths of all, in the order in which they are made
 */
export function inceptionV3Names(convolutions: readonly string[]): readonly Dialect[] {
  return [keras('keras', 0, convolutions), keras('keras-2016', 1, convolutions), torchvision]
}
