// Chollet 2016, "Xception: deep learning with depthwise separable convolutions", figure 5; arXiv:1610.02357. The Keras flavor equals
// keras.applications.xception; the timm flavor is its port to PyTorch, legacy_xception, which pads and normalises as PyTorch does.
import {
  activate,
  convNorm,
  normAndActivation,
  paddedMaxPooling2d,
  type Scope,
  separableConvolution,
} from '@cnnkit/layers'
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { tf299 } from '../records/preprocessing.ts'
import { xceptionRecords } from '../records/xception.ts'
import { xceptionDialects } from './xception-names.ts'

/** Filters of the separable convolutions of each module (figure 5), a row a stage: the entry flow, the middle flow with it, the exit flow. */
const stages: readonly (readonly (readonly number[])[])[] = [
  [[128, 128]],
  [[256, 256]],
  [[728, 728], ...Array<readonly number[]>(8).fill([728, 728, 728])],
  [
    [728, 1024],
    [1536, 2048],
  ],
]

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const timm: PublishedForm = {
  ...keras,
  name: 'timm',
  normEpsilon: 1e-5,
  normMomentum: 0.9,
  normVariance: 'sample',
  stridedPadding: 'both',
  kernelInitializer: 'heNormalFanOut',
}

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  let x = stem(input, scope.at('stem')) // 147 x 147 x 64 from 299 x 299
  stages.forEach((modules, s) => {
    modules.forEach((filters, b) => {
      const inner = scope.at(`stage${s + 1}`).at(`block${b + 1}`)
      if (b === 0) x = reducing(x, inner, filters, s > 0)
      else x = s === 3 ? plain(x, inner, filters) : residual(x, inner, filters)
    })
  }) // 74 x 74 x 128, 37 x 37 x 256, 19 x 19 x 728, 10 x 10 x 2048
  return x
}

function stem(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const unpadded = { kernelSize: 3, padding: 'valid', activation: 'relu' } as const
  const x = convNorm(input, scope.at('conv1'), { ...unpadded, filters: 32, strides: 2 }) // 149 x 149 x 32
  return convNorm(x, scope.at('conv2'), { ...unpadded, filters: 64 })
}

/** A module that halves the grid: a max pooling behind the separable convolutions, a strided 1x1 in the shortcut. The first has no ReLU ahead. */
function reducing(x: SymbolicTensor, scope: Scope, filters: readonly number[], activateFirst: boolean): SymbolicTensor {
  const unit = { filters: filters.at(-1)!, kernelSize: 1, strides: 2, padding: 'valid' } as const
  const shortcut = convNorm(x, scope.at('shortcut'), unit)
  const y = halved(preactivated(x, scope, filters, activateFirst), scope.at('pool'))
  return layers.add({ name: scope.at('add').path }).apply([y, shortcut]) as SymbolicTensor
}

/** Max pooling 3x3/2. An even grid has its odd row below in TensorFlow and above in PyTorch; values below 0 come here. */
function halved(x: SymbolicTensor, { path, flavor }: Scope): SymbolicTensor {
  const window = { name: path, poolSize: 3, strides: 2 }
  const pool =
    flavor.stridedPadding === 'both'
      ? paddedMaxPooling2d({ ...window, padding: 1 })
      : layers.maxPooling2d({ ...window, padding: 'same' })
  return pool.apply(x) as SymbolicTensor
}

/** A module of the middle flow. */
function residual(x: SymbolicTensor, scope: Scope, filters: readonly number[]): SymbolicTensor {
  const y = preactivated(x, scope, filters, true)
  return layers.add({ name: scope.at('add').path }).apply([y, x]) as SymbolicTensor
}

/** The last module: no shortcut, and ReLU behind the norms. */
function plain(input: SymbolicTensor, scope: Scope, filters: readonly number[]): SymbolicTensor {
  return filters.reduce((x, width, i) => {
    const inner = scope.at(`conv${i + 1}`)
    return normAndActivation(separableConvolution(x, inner, { filters: width }), inner, 'relu')
  }, input)
}

/** ReLU, separable convolution and norm for each of the filters. */
function preactivated(
  input: SymbolicTensor,
  scope: Scope,
  filters: readonly number[],
  activateFirst: boolean,
): SymbolicTensor {
  return filters.reduce((x, width, i) => {
    const inner = scope.at(`conv${i + 1}`)
    const y = i > 0 || activateFirst ? activate(x, inner, 'relu') : x
    return normAndActivation(separableConvolution(y, inner, { filters: width }), inner)
  }, input)
}

/** Xception: body, flavors, dialects and records. */
export const xceptionArchitecture: Architecture = {
  name: 'xception',
  body,
  flavors: [keras, timm],
  minimumSize: 71,
  preprocessing: tf299,
  dialects: xceptionDialects,
  records: xceptionRecords,
  paper: 'https://arxiv.org/abs/1610.02357',
}

/** Xception (Chollet 2016): 22.9 M parameters, 299 x 299. Options, result and errors as `createModel`. */
export function xception(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(xceptionArchitecture, options)
}
