import type { Dialect, Rule } from '../dialect.ts'
import { caffe2Layout, kerasLayout, torchLayout } from '../layout.ts'

/** The convolutions of a fire module in the order of the files, ours and theirs. */
const convolutions = [
  ['squeeze', 'squeeze1x1'],
  ['expand1x1', 'expand1x1'],
  ['expand3x3', 'expand3x3'],
] as const

/** A rule for each convolution of the fire modules, which theirs are numbered through from 2 (`fire2`). */
function fireRules(
  stages: readonly (readonly number[])[],
  weight: string,
  name: (fire: number, theirs: string, place: number) => string,
): readonly Rule[] {
  const before = (stage: number): number => stages.slice(0, stage - 1).flat().length
  return convolutions.map(([ours, theirs], place) => [
    `stage{s}.block{b}.${ours}${weight}`,
    ({ s, b }) => name(before(s!) + b! + 1, theirs, place),
  ])
}

/** The names that published files of SqueezeNet use. */
export function squeezenetDialects(stages: readonly (readonly number[])[]): readonly Dialect[] {
  const layer = (fire: number, theirs: string): string => `fire${fire}/${theirs}`
  const caffe: readonly Rule[] = [['stem.conv', 'conv1'], ...fireRules(stages, '', layer), ['head.logits', 'conv10']]
  return [
    {
      name: 'torchvision',
      flavors: ['torchvision'],
      layout: torchLayout,
      // In `features` the first convolution and its ReLU stand before the fire modules, and a pooling before each stage.
      layers: [
        ['stem.conv', 'features.0'],
        ...convolutions.map(
          ([ours, theirs]): Rule => [
            `stage{s}.block{b}.${ours}`,
            ({ s, b }) =>
              `features.${stages.slice(0, s! - 1).flat().length + s! + b! + 1}.${ours === 'squeeze' ? ours : theirs}`,
          ],
        ),
        ['head.logits', 'classifier.1'],
      ],
    },
    { name: 'onnx', flavors: ['caffe'], layout: caffe2Layout, layers: caffe },
    { name: 'keras', flavors: ['keras'], layout: kerasLayout, layers: caffe },
    {
      // The first Keras' own: kernels are numbered through (`uniform1`), biases have the name of the layer again.
      name: 'keras-1',
      flavors: ['keras'],
      layout: kerasLayout,
      layers: [
        ['stem.conv/kernel', 'conv1/uniform1'],
        ['stem.conv/bias', 'conv1/conv1_b'],
        ...fireRules(stages, '/kernel', (n, theirs, place) => `${layer(n, theirs)}/uniform${3 * n - 4 + place}`),
        ...fireRules(stages, '/bias', (n, theirs) => `${layer(n, theirs)}/${layer(n, theirs)}_b`),
        ['head.logits/kernel', 'conv10/uniform26'],
        ['head.logits/bias', 'conv10/conv10_b'],
      ],
    },
  ]
}
