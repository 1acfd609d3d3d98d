// Sandler, Howard, Zhu, Zhmoginov, Chen 2018, "MobileNetV2: inverted residuals and linear bottlenecks", table 2;
// arXiv:1801.04381. The Keras flavor equals keras.applications.mobilenet_v2, the torchvision flavor torchvision's and timm's.
import { convNorm, globalPool, invertedResidual, logits, type Scope } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { mobilenetV2Records } from '../records/mobilenet-v2.ts'
import { tf224, torch224 } from '../records/preprocessing.ts'
import { mobilenetV2Dialects } from './mobilenet-v2-names.ts'

/** MobileNet v2 by width: 100 is the paper's, 035 has 0.35 of its channels. */
export type MobilenetV2Name = `mobilenet_v2_${'035' | '050' | '075' | '100' | '130' | '140'}`

const widths: Readonly<Record<MobilenetV2Name, number>> = {
  mobilenet_v2_035: 0.35,
  mobilenet_v2_050: 0.5,
  mobilenet_v2_075: 0.75,
  mobilenet_v2_100: 1,
  mobilenet_v2_130: 1.3,
  mobilenet_v2_140: 1.4,
}

/** Expansion t, channels c, blocks n and first stride s (table 2), the rows of one resolution under each other in a stage. */
const stages = [
  [{ t: 1, c: 16, n: 1, s: 1 }],
  [{ t: 6, c: 24, n: 2, s: 2 }],
  [{ t: 6, c: 32, n: 3, s: 2 }],
  [
    { t: 6, c: 64, n: 4, s: 2 },
    { t: 6, c: 96, n: 3, s: 1 },
  ],
  [
    { t: 6, c: 160, n: 3, s: 2 },
    { t: 6, c: 320, n: 1, s: 1 },
  ],
] as const

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.999,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const torchvision: PublishedForm = {
  ...keras,
  name: 'torchvision',
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  kernelInitializer: 'heNormalFanOut',
  preprocessing: torch224,
  dropout: 0.2,
}

const body =
  (width: number) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    let x = convNorm(input, scope.at('stem').at('conv'), {
      filters: divisibleBy8(32 * width),
      kernelSize: 3,
      strides: 2,
      activation: 'relu6',
    }) // 112 x 112 x 32 from 224 x 224
    stages.forEach((rows, i) => {
      const stage = scope.at(`stage${i + 1}`)
      const blocks = rows.flatMap(({ t, c, n, s }) =>
        Array.from({ length: n }, (_, b) => ({
          expansion: t,
          filters: divisibleBy8(c * width),
          strides: b === 0 ? s : 1,
        })),
      )
      blocks.forEach((block, b) => {
        x = invertedResidual(x, stage.at(`block${b + 1}`), block)
      }) // 112 x 112 x 16, 56 x 56 x 24, 28 x 28 x 32, 14 x 14 x 96, 7 x 7 x 320
    })
    // A width below 1 leaves the last convolution as wide as it is ("to all layers except the very last convolutional layer").
    const filters = divisibleBy8(1280 * Math.max(1, width))
    return convNorm(x, scope.at('stage5').at('conv'), { filters, kernelSize: 1, activation: 'relu6' }) // 7 x 7 x 1280
  }

function head(x: SymbolicTensor, scope: Scope, { classes, dropout, pooling }: HeadOptions): SymbolicTensor {
  const drawn = scope.flavor.name === 'torchvision' ? { kernelInitializer: { normal: 0.01 } } : {}
  return logits(globalPool(x, scope, pooling), scope, { classes, dropout, ...drawn })
}

/** Channels to the nearest multiple of 8, and not below nine tenths of what was asked for: `_make_divisible`. */
function divisibleBy8(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return nearest < 0.9 * channels ? nearest + 8 : nearest
}

const architecture = (name: MobilenetV2Name): Architecture => ({
  name,
  body: body(widths[name]),
  head,
  flavors: [keras, torchvision],
  minimumSize: 32,
  preprocessing: tf224,
  dialects: mobilenetV2Dialects,
  records: mobilenetV2Records[name],
  paper: 'https://arxiv.org/abs/1801.04381',
})

/** The MobileNets of 2018, by name. */
export const mobilenetsV2: Readonly<Record<MobilenetV2Name, Architecture>> = {
  mobilenet_v2_035: architecture('mobilenet_v2_035'),
  mobilenet_v2_050: architecture('mobilenet_v2_050'),
  mobilenet_v2_075: architecture('mobilenet_v2_075'),
  mobilenet_v2_100: architecture('mobilenet_v2_100'),
  mobilenet_v2_130: architecture('mobilenet_v2_130'),
  mobilenet_v2_140: architecture('mobilenet_v2_140'),
}

/** MobileNet v2 at 0.35 of the width: 1.7 M parameters, 59 M multiply-accumulates. Options, result and errors as `createModel`. */
export function mobilenetV2035(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV2.mobilenet_v2_035, options)
}

/** MobileNet v2 at half the width: 2.0 M parameters. Options, result and errors as `createModel`. */
export function mobilenetV2050(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV2.mobilenet_v2_050, options)
}

/** MobileNet v2 at three quarters of the width: 2.7 M parameters. Options, result and errors as `createModel`. */
export function mobilenetV2075(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV2.mobilenet_v2_075, options)
}

/** MobileNet v2 as in the paper (Sandler et al. 2018): 3.5 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function mobilenetV2100(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV2.mobilenet_v2_100, options)
}

/** MobileNet v2 at 1.3 times the width: 5.4 M parameters. Options, result and errors as `createModel`. */
export function mobilenetV2130(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV2.mobilenet_v2_130, options)
}

/** MobileNet v2 at 1.4 times the width: 6.2 M parameters, 582 M multiply-accumulates. Options, result and errors as `createModel`. */
export function mobilenetV2140(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(mobilenetsV2.mobilenet_v2_140, options)
}
