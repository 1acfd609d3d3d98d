// He, Zhang, Ren, Sun 2016, "Identity mappings in deep residual networks", figure 4(e); arXiv:1603.05027.
// The Keras flavor equals keras.applications.resnet_v2: the last block of stages 1 to 3 halves the grid, not the first of the next.
// The timm flavor equals timm's resnetv2_50 (with batch norm): the first block of stages 2 to 4 does.
import {
  convolution,
  globalPool,
  logits,
  normAndActivation,
  type PreactivationOptions,
  pool,
  preactivation,
  type Scope,
} from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import type { Dialect, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { tf224 } from '../records/preprocessing.ts'
import { resnetV2Records } from '../records/resnet-v2.ts'

/** The residual networks of 2016, whose norms stand before the convolutions. */
export type ResnetV2Name = 'resnet50_v2' | 'resnet101_v2' | 'resnet152_v2'

/** Bottlenecks in each stage. */
const depths: Readonly<Record<ResnetV2Name, readonly [number, number, number, number]>> = {
  resnet50_v2: [3, 4, 6, 3],
  resnet101_v2: [3, 4, 23, 3],
  resnet152_v2: [3, 8, 36, 3],
}

const filters = [64, 128, 256, 512] as const

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1.001e-5,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const timm: PublishedForm = {
  name: 'timm',
  convBias: false,
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  bottleneckStride: '3x3',
  kernelInitializer: 'heNormalFanOut',
}

const isKeras = ({ flavor }: Scope): boolean => flavor.name === 'keras'

const body =
  (depth: readonly number[]) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    let x = stem(input, scope.at('stem')) // 56 x 56 x 64 from 224 x 224
    depth.forEach((blocks, s) => {
      for (let b = 0; b < blocks; b++) {
        const halves = isKeras(scope) ? s < 3 && b === blocks - 1 : s > 0 && b === 0
        const options: PreactivationOptions = {
          filters: filters[s]!,
          strides: halves ? 2 : 1,
          project: b === 0,
          useBias: isKeras(scope),
        }
        x = preactivation(x, scope.at(`stage${s + 1}`).at(`block${b + 1}`), options)
      } // Keras: 28 x 28 x 256, 14 x 14 x 512, 7 x 7 x 1024; timm: 56 x 56 x 256, 28 x 28 x 512, 14 x 14 x 1024
    })
    return normAndActivation(x, scope.at('stage4'), 'relu') // 7 x 7 x 2048
  }

function stem(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const border = { kernelSize: 7, strides: 2, padding: 3 } as const
  const x = convolution(input, scope.at('conv'), { filters: 64, ...border, useBias: isKeras(scope) })
  const at = scope.at('pool')
  // No norm and no ReLU yet, so values may be negative. In Keras zeros around the grid take part in the maximum.
  if (isKeras(scope)) return pool(x, at, 'max', { strides: 2, padding: 1 })
  // In PyTorch nothing outside does, and the windows stand around every other pixel from the first.
  return pool(pool(x, at, 'max'), at.at('subsample'), 'max', { size: 1, strides: 2, padding: 'valid' })
}

function head(x: SymbolicTensor, scope: Scope, { classes, dropout, pooling }: HeadOptions): SymbolicTensor {
  const drawn = isKeras(scope) ? {} : ({ kernelInitializer: { normal: 0.01 } } as const)
  return logits(globalPool(x, scope, pooling), scope, { classes, dropout, ...drawn })
}

const kerasBody: readonly Rule[] = [
  ['stem.conv', 'conv1_conv'],
  ['stage{s}.block{b}.norm', ({ s, b }) => `conv${s! + 1}_block${b}_preact_bn`],
  ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_conv`],
  ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `conv${s! + 1}_block${b}_${i}_bn`],
  ['stage{s}.block{b}.shortcut', ({ s, b }) => `conv${s! + 1}_block${b}_0_conv`],
  ['stage4.norm', 'post_bn'],
]

/** The names of the class today, and those of the published files. */
const kerasNames: readonly Dialect[] = (['predictions', 'probs'] as const).map((logits) => ({
  name: logits === 'probs' ? 'keras-file' : 'keras',
  flavors: ['keras'],
  layout: kerasLayout,
  layers: [...kerasBody, ['head.logits', logits]],
}))

const timmNames: Dialect = {
  name: 'timm',
  flavors: ['timm'],
  layout: torchLayout,
  layers: [
    ['stem.conv', 'stem.conv'],
    ['stage{s}.block{b}.norm', ({ s, b }) => `stages.${s! - 1}.blocks.${b! - 1}.norm1`],
    ['stage{s}.block{b}.conv{i}', ({ s, b, i }) => `stages.${s! - 1}.blocks.${b! - 1}.conv${i}`],
    ['stage{s}.block{b}.conv{i}.norm', ({ s, b, i }) => `stages.${s! - 1}.blocks.${b! - 1}.norm${i! + 1}`],
    ['stage{s}.block{b}.shortcut', ({ s, b }) => `stages.${s! - 1}.blocks.${b! - 1}.downsample.conv`],
    ['stage4.norm', 'norm'],
    ['head.logits', 'head.fc'],
  ],
  // The classifier is a 1x1 convolution over the pooled 1 x 1 grid.
  shapes: { 'head.logits/kernel': (shape) => [...shape, 1, 1] },
}

const architecture = (name: ResnetV2Name): Architecture => ({
  name,
  body: body(depths[name]),
  head,
  flavors: [keras, timm],
  minimumSize: 32,
  preprocessing: tf224,
  dialects: [...kerasNames, timmNames],
  records: resnetV2Records[name],
  paper: 'https://arxiv.org/abs/1603.05027',
})

/** The residual networks of 2016, by name. */
export const resnetsV2: Readonly<Record<ResnetV2Name, Architecture>> = {
  resnet50_v2: architecture('resnet50_v2'),
  resnet101_v2: architecture('resnet101_v2'),
  resnet152_v2: architecture('resnet152_v2'),
}

/** ResNet-50 v2 (He et al. 2016): 25.6 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet50V2(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnetsV2.resnet50_v2, options)
}

/** ResNet-101 v2 (He et al. 2016): 44.7 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet101V2(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnetsV2.resnet101_v2, options)
}

/** ResNet-152 v2 (He et al. 2016): 60.4 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function resnet152V2(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(resnetsV2.resnet152_v2, options)
}
