// Ioffe, Szegedy 2015, "Batch normalization", section 4.2 and figure 5 (arXiv:1502.03167): GoogLeNet with norms, 5x5 as two
// 3x3. The onnx flavor equals the graph of ONNX's model zoo, from Caffe; the slim flavor equals tf_slim.nets.inception_v2.
import {
  type Branches,
  type ConvolutionUnit,
  convActivation,
  convNorm,
  depthwise,
  gridReduction,
  inception,
  type KernelInitializer,
  type Padding,
  pool,
  reduced,
  roundUp,
  type Scope,
} from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { inceptionV2Records } from '../records/inception-v2.ts'
import { caffe224, tf224 } from '../records/preprocessing.ts'
import { inceptionV2Dialects } from './inception-v2-names.ts'

type Reduced = readonly [reduce: number, filters: number]
type Pooling = readonly [kind: 'avg' | 'max', projection: number]

/** "#1x1", "#3x3 reduce" and "#3x3", "double #3x3 reduce" and "double #3x3", "Pool + proj" of a module (figure 5). */
type Module = readonly [one: number, three: Reduced, double: Reduced, pool: Pooling]

/** The modules of each stage, and what halves the grid before them: a pooling, or the modules 3c and 4e, which have no 1x1. */
const stages: readonly { readonly reduction?: readonly [Reduced, Reduced]; readonly modules: readonly Module[] }[] = [
  {
    modules: [
      [64, [64, 64], [64, 96], ['avg', 32]],
      [64, [64, 96], [64, 96], ['avg', 64]],
    ],
  },
  {
    reduction: [
      [128, 160],
      [64, 96],
    ],
    modules: [
      [224, [64, 96], [96, 128], ['avg', 128]],
      [192, [96, 128], [96, 128], ['avg', 128]],
      [160, [128, 160], [128, 160], ['avg', 96]],
      [96, [128, 192], [160, 192], ['avg', 96]],
    ],
  },
  {
    reduction: [
      [128, 192],
      [192, 256],
    ],
    modules: [
      [352, [192, 320], [160, 224], ['avg', 128]],
      [352, [192, 320], [192, 224], ['max', 128]],
    ],
  },
]

const onnx: PublishedForm = {
  name: 'onnx',
  convBias: false,
  normEpsilon: 1e-5,
  normMomentum: 0.999,
  stridedPadding: 'both',
  bottleneckStride: '1x1',
  kernelInitializer: 'leCunUniform',
  preprocessing: caffe224,
  // Caffe rounds the grids of convolutions down and those of poolings up: they agree where each grid that is halved is even.
  multipleOf: 32,
}

const slim: PublishedForm = {
  ...onnx,
  multipleOf: 1,
  name: 'slim',
  normScale: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9997,
  normVariance: 'sample',
  stridedPadding: 'same',
  kernelInitializer: 'heNormal',
  preprocessing: tf224,
  dropout: 0.2,
}

const poolPaddings: Readonly<Record<string, Padding>> = { onnx: roundUp, slim: 'same' }

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const padding = poolPaddings[scope.flavor.name]!
  let x = stem(input, scope.at('stem'), padding) // 56 x 56 x 192 from 224 x 224
  stages.forEach(({ reduction, modules }, s) => {
    const stage = scope.at(`stage${s + 1}`)
    const halved = { unit, padding: 'same', poolPadding: padding } as const
    x = reduction
      ? gridReduction(x, stage.at('reduction'), { branches: strided(...reduction), ...halved })
      : pool(x, stage.at('pool'), 'max', { strides: 2, padding })
    modules.forEach((module, b) => {
      x = inception(x, stage.at(`block${b + 1}`), { branches: branches(module), unit })
    }) // 28 x 28 x 320, 14 x 14 x 576, 7 x 7 x 1024
  })
  return x
}

function stem(input: SymbolicTensor, scope: Scope, padding: Padding): SymbolicTensor {
  const first = scope.flavor.name === 'slim' ? separableStem : unit
  let x = first(input, scope.at('conv1'), { filters: 64, kernelSize: 7, strides: 2 }) // 112 x 112 x 64
  x = pool(x, scope.at('pool'), 'max', { strides: 2, padding }) // 56 x 56 x 64
  x = unit(x, scope.at('conv2'), { filters: 64, kernelSize: 1 })
  return unit(x, scope.at('conv3'), { filters: 192, kernelSize: 3 })
}

/** Slim's first convolution: 8 filters for each channel, then 1x1, with bias and without a norm. */
const separableStem: ConvolutionUnit = (x, scope, { filters, strides = 1 }) => {
  const kernelInitializer = { truncatedNormal: 1 }
  const window = { kernelSize: 7, strides, useBias: false, kernelInitializer }
  const y = depthwise(x, scope.at('depthwise'), { ...window, multiplier: 8 })
  return convActivation(y, scope.at('pointwise'), { filters, kernelSize: 1, kernelInitializer, activation: 'relu' })
}

const unit: ConvolutionUnit = (x, scope, options) => {
  const kernelInitializer = initializerOf(scope)
  return convNorm(x, scope, { ...options, ...(kernelInitializer && { kernelInitializer }), activation: 'relu' })
}

/** Slim draws some of its 1x1 kernels otherwise than the rest. */
function initializerOf({ flavor, path }: Scope): KernelInitializer | undefined {
  if (flavor.name !== 'slim') return undefined
  if (/branchPool\.conv1$|^stem\.conv2$/.test(path)) return { truncatedNormal: 0.1 }
  return /branch(3x3|Double)\.conv1$/.test(path) ? { truncatedNormal: 0.09 } : undefined
}

const strided = (three: Reduced, double: Reduced): Branches => ({
  branch3x3: reduced(three, [3]),
  branchDouble: reduced(double, [3, 3]),
})

const branches = ([one, three, double, [kind, projection]]: Module): Branches => ({
  branch1x1: [{ filters: one, kernelSize: 1 }],
  ...strided(three, double),
  branchPool: [{ pool: kind }, { filters: projection, kernelSize: 1 }],
})

/** The architecture of Inception v2. */
export const inceptionV2Architecture: Architecture = {
  name: 'inception_v2',
  body,
  flavors: [onnx, slim],
  minimumSize: 32,
  preprocessing: caffe224,
  dialects: inceptionV2Dialects,
  records: inceptionV2Records,
  paper: 'https://arxiv.org/abs/1502.03167',
}

/**
 * Inception v2, GoogLeNet with batch norm and two 3x3 in place of 5x5 (Ioffe, Szegedy 2015): 11.3 M parameters, 2 G
 * multiply-accumulates at 224 x 224; `flavor: 'slim'` begins with a separable convolution. Options, result and errors as
 * `createModel`.
 */
export function inceptionV2(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(inceptionV2Architecture, options)
}
