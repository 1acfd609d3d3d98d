import { countedNames } from '../counted-names.ts'
import type { Dialect, Found } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'

/** Modules are numbered through in Keras, the stem the first of them: `block5` is the first of the middle flow. */
const module = ({ s, b }: Found): string => `block${[2, 3, 4, 13][s! - 1]! + b! - 1}`

const separable = (found: Found): string => `${module(found)}_sepconv${found.i}`

/** The shortcuts have no name in Keras' source. */
const shortcuts = [1, 2, 3, 4].map((stage) => `stage${stage}.block1.shortcut`)

const kerasNames: Dialect = {
  name: 'keras',
  flavors: ['keras'],
  layout: kerasLayout,
  layers: [
    ['stem.conv{i}', ({ i }) => `block1_conv${i}`],
    ['stem.conv{i}.norm', ({ i }) => `block1_conv${i}_bn`],
    ['stage{s}.block{b}.conv{i}.depthwise', separable],
    ['stage{s}.block{b}.conv{i}.pointwise/kernel', (found) => `${separable(found)}/pointwise_kernel`],
    ['stage{s}.block{b}.conv{i}.norm', (found) => `${separable(found)}_bn`],
    ...countedNames(shortcuts, 0),
    ['head.logits', 'predictions'],
  ],
}

/** timm leaves the stem out of its count, and the last module has no block. */
const block = ({ s, b }: Found): string => `block${[1, 2, 3, 12][s! - 1]! + b! - 1}`

/** A module is a list of ReLU, separable convolution and norm in turns; the first module begins without ReLU. */
const at = (found: Found, step: 0 | 1): string =>
  `${block(found)}.rep.${3 * (found.i! - 1) + step + (found.s === 1 ? 0 : 1)}`

const timmNames: Dialect = {
  name: 'timm',
  flavors: ['timm'],
  layout: torchLayout,
  layers: [
    ['stem.conv{i}', ({ i }) => `conv${i}`],
    ['stem.conv{i}.norm', ({ i }) => `bn${i}`],
    ['stage4.block2.conv{i}.depthwise', ({ i }) => `conv${i! + 2}.conv1`],
    ['stage4.block2.conv{i}.pointwise', ({ i }) => `conv${i! + 2}.pointwise`],
    ['stage4.block2.conv{i}.norm', ({ i }) => `bn${i! + 2}`],
    ['stage{s}.block{b}.conv{i}.depthwise', (found) => `${at(found, 0)}.conv1`],
    ['stage{s}.block{b}.conv{i}.pointwise', (found) => `${at(found, 0)}.pointwise`],
    ['stage{s}.block{b}.conv{i}.norm', (found) => at(found, 1)],
    ['stage{s}.block{b}.shortcut', (found) => `${block(found)}.skip`],
    ['stage{s}.block{b}.shortcut.norm', (found) => `${block(found)}.skipbn`],
    ['head.logits', 'fc'],
  ],
}

/** Names of Xception's weights, by the file. Keras' published file is one of Keras 1 whose names say nothing: it is read by order. */
export const xceptionDialects: readonly Dialect[] = [kerasNames, timmNames]
