import type { Branches, BranchStep } from '@cnnkit/layers'
import { countedNames } from '../counted-names.ts'
import type { Dialect, Found, Rule } from '../dialect.ts'
import { kerasLayout, slimLayout, torchLayout } from '../layout.ts'
import type { InceptionStages } from './inception-modules.ts'

/** timm numbers all modules through, the stem's first three convolutions with them: stages begin at 6, 10 and 18. */
const feature = ({ s, b }: Found): string => `features.${[6, 10, 18][s! - 1]! + b! - 1}`

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
    ...unit('stem.conv{i}', ({ i }) => `features.${i! - 1}`),
    ...unit('stem.block2.branch{n}.conv{i}', ({ n, i }) => `features.4.branch${n}.${i! - 1}`),
    ...unit('stem.block{b}.branch{n}.conv1', ({ b }) => `features.${b! + 2}.conv`),
    // A branch of one convolution is no sequence, but for the second reduction's.
    ...unit('stage3.block1.branch0.conv{i}', ({ i }) => `features.18.branch0.${i! - 1}`),
    ...unit(`${block}.branch0.conv1`, (found) => `${feature(found)}.branch0`),
    ...unit(`${block}.branch3.conv1`, (found) => `${feature(found)}.branch3.1`),
    // What parts is named apart: the third stage's modules after the reduction.
    ...unit('stage3.block1.branch1.conv{i}', ({ i }) => `features.18.branch1.${i! - 1}`),
    ...unit('stage3.block{b}.branch{n}.conv{i}', ({ b, n, i }) => `features.${b! + 17}.branch${n}_${i! - 1}`),
    ...[1, 2].flatMap((n) => {
      const parts = `stage3.block{b}.branch${n}`
      const at = ({ b }: Found): string => `features.${b! + 17}.branch${n}_${2 * n - 1}`
      return [
        ...unit(`${parts}.branch1x3.conv1`, (found) => `${at(found)}a`),
        ...unit(`${parts}.branch3x1.conv1`, (found) => `${at(found)}b`),
      ]
    }),
    ...unit(`${block}.branch{n}.conv{i}`, (found) => `${feature(found)}.branch${found.n}.${found.i! - 1}`),
    ['head.logits', 'last_linear'],
  ],
}

const normed = (ours: string, theirs: string): readonly Rule[] => [
  [ours, `InceptionV4/${theirs}`],
  [`${ours}.norm`, `InceptionV4/${theirs}/BatchNorm`],
]

const kernel = (size: number | readonly number[]): string => [size, size].flat().slice(0, 2).join('x')

/** slim's names in a module: `Conv2d_0b_3x3`, lettered from `a` with the pooling, `Conv2d_1a_3x3` where the grid gets smaller. */
function slimModule(branches: Branches, ours: string, theirs: string, reduces: boolean): readonly Rule[] {
  return Object.entries(branches).flatMap(([name, steps], n) => {
    let letters = 0
    const rules = (some: readonly BranchStep[], path: string): readonly Rule[] => {
      let convolutions = 0
      return some.flatMap((step) => {
        if ('split' in step)
          return Object.entries(step.split).flatMap(([part, inner]) => rules(inner, `${path}.${part}`))
        const letter = String.fromCharCode(97 + letters++)
        if ('pool' in step) return []
        const smaller = step.padding === 'valid' || (reduces && step === some.at(-1))
        const convolution = `Conv2d_${smaller ? '1a' : `0${letter}`}_${kernel(step.kernelSize)}`
        return normed(`${path}.conv${++convolutions}`, `${theirs}/Branch_${n}/${convolution}`)
      })
    }
    return rules(steps, `${ours}.${name}`)
  })
}

const slim = (stem: readonly Branches[], stages: InceptionStages): Dialect => ({
  name: 'slim',
  flavors: ['slim'],
  layout: slimLayout,
  background: true,
  layers: [
    ...['1a', '2a', '2b'].flatMap((which, i) => normed(`stem.conv${i + 1}`, `Conv2d_${which}_3x3`)),
    ...normed('stem.block1.branch1.conv1', 'Mixed_3a/Branch_1/Conv2d_0a_3x3'),
    ...stem.flatMap((branches, b) => slimModule(branches, `stem.block${b + 1}`, `Mixed_${b + 3}a`, false)),
    ...stages.flatMap((modules, s) =>
      modules.flatMap((branches, b) => {
        const letter = String.fromCharCode((s === 0 ? 98 : 97) + b)
        return slimModule(branches, `stage${s + 1}.block${b + 1}`, `Mixed_${s + 5}${letter}`, s > 0 && b === 0)
      }),
    ),
    ...normed('aux1.conv1', 'AuxLogits/Conv2d_1b_1x1'),
    ...normed('aux1.conv2', 'AuxLogits/Conv2d_2a'),
    ['aux1.logits', 'InceptionV4/AuxLogits/Aux_logits'],
    ['head.logits', 'InceptionV4/Logits/Logits'],
  ],
})

/** kentsommer/keras-inceptionV4's, by Keras 2.0, which counts from 1. */
const kentsommer = (convolutions: readonly string[]): Dialect => ({
  name: 'kentsommer',
  flavors: ['slim'],
  layout: kerasLayout,
  background: true,
  layers: [...countedNames(convolutions, 1), ['head.logits', 'dense_1']],
})

/**
 * Names of Inception v4's weights, by the file.
 *
 * @param convolutions the paths of all, in the order in which they are made
 */
export function inceptionV4Names(
  stem: readonly Branches[],
  stages: InceptionStages,
  convolutions: readonly string[],
): readonly Dialect[] {
  return [timm, slim(stem, stages), kentsommer(convolutions)]
}
