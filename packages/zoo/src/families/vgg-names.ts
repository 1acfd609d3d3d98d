import type { Dialect, Rule } from '../dialect.ts'
import { caffe2Layout, kerasLayout, torchLayout } from '../layout.ts'

/** The names that published files of VGG use. */
export function vggDialects(depth: readonly number[], normed: boolean): readonly Dialect[] {
  // In PyTorch's `features` a convolution takes two places, with its norm three, a pooling one.
  const step = normed ? 3 : 2
  const place = (stage: number, convolution: number): number =>
    depth.slice(0, stage - 1).reduce((sum, convolutions) => sum + convolutions * step + 1, 0) + (convolution - 1) * step
  const features: readonly Rule[] = [
    ['stage{s}.conv{c}', ({ s, c }) => `features.${place(s!, c!)}`],
    ['stage{s}.conv{c}.norm', ({ s, c }) => `features.${place(s!, c!) + 1}`],
  ]
  return [
    {
      name: 'keras',
      flavors: ['keras'],
      layout: kerasLayout,
      layers: [
        ['stage{s}.conv{c}', ({ s, c }) => `block${s}_conv${c}`],
        ['head.fc{i}', ({ i }) => `fc${i! - 5}`],
        ['head.logits', 'predictions'],
      ],
    },
    {
      name: 'torchvision',
      flavors: ['torchvision'],
      layout: torchLayout,
      layers: [...features, ['head.fc{i}', ({ i }) => `classifier.${3 * (i! - 6)}`], ['head.logits', 'classifier.6']],
    },
    {
      name: 'timm',
      flavors: ['torchvision'],
      layout: torchLayout,
      layers: [...features, ['head.fc{i}', ({ i }) => `pre_logits.fc${i! - 5}`], ['head.logits', 'head.fc']],
      // The hidden dense layers are convolutions of 7x7 and 1x1 there.
      shapes: {
        'head.fc6/kernel': ([outputs, inputs]) => [outputs!, inputs! / 49, 7, 7],
        'head.fc7/kernel': (shape) => [...shape, 1, 1],
      },
    },
    {
      name: 'onnx',
      flavors: ['caffe'],
      layout: caffe2Layout,
      layers: [
        ['stage{s}.conv{c}', ({ s, c }) => `conv${s}_${c}`],
        ['head.fc{i}', ({ i }) => `fc${i}`],
        ['head.logits', 'fc8'],
      ],
    },
  ]
}
