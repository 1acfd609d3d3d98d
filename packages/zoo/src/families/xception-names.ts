import { countedNames } from '../counted-names.ts'
import type { Dialect, Found } from '../dialect.ts'
import { kerasLayout } from '../layout.ts'

/** Modules are numbered through in Keras, the stem the first of them: `block5` is the first of the middle flow. */
const module = ({ s, b }: Found): string => `block${[2, 3, 4, 13][s! - 1]! + b! - 1}`

const separable = (found: Found): string => `${module(found)}_sepconv${found.i}`

/** The shortcuts have no name in Keras' source. */
const shortcuts = [1, 2, 3, 4].map((stage) => `stage${stage}.block1.shortcut`)

const kerasNames: Dialect = {
  name: 'keras',
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

/** Names of Xception's weights, by the file. Keras' published file is one of Keras 1 whose names say nothing: it is read by order. */
export const xceptionDialects: readonly Dialect[] = [kerasNames]
