// Krizhevsky, Sutskever, Hinton 2012, "ImageNet classification with deep convolutional neural networks", section 3 and
// figure 2 (NIPS 25). The flavors caffe and caffenet equal Caffe's bvlc_alexnet and bvlc_reference_caffenet; torchvision's is the
// network of Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks" (arXiv:1404.5997).
import {
  activate,
  type ConvolutionOptions,
  convolution,
  fullyConnectedHead,
  groupedConv2d,
  type LocalResponseNormArgs,
  localResponseNorm,
  type Padding,
  pool,
  roundUp,
  type Scope,
} from '@cnnkit/layers'
import { initializers, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { alexnetPreprocessing, alexnetRecords } from '../records/alexnet.ts'
import { caffe227, torch224 } from '../records/preprocessing.ts'
import { alexnetDialects } from './alexnet-names.ts'

/** What the forms differ in beyond the fields of a flavor. */
interface Form {
  /** Of the five convolutions. */
  readonly filters: readonly [number, number, number, number, number]
  /** How many parts the channels of the second, fourth and fifth convolution are divided into: one for each of two GPUs. */
  readonly groups: 1 | 2
  /** Zeros around the picture. */
  readonly border: Padding
  /** After the ReLU of the first two convolutions. */
  readonly norm?: LocalResponseNormArgs
  /** Whether the pooling comes before that norm. */
  readonly poolFirst?: boolean
  /** What the biases of the second, fourth and fifth convolution and of the hidden dense layers start from. */
  readonly bias: number
  /** Border of the last pooling. At 227 it changes nothing; at 224, where ONNX's files are, it gives their 6 x 6. */
  readonly lastPool: Padding
}

const grouped = { filters: [96, 256, 384, 384, 256], groups: 2, border: 'valid', lastPool: roundUp } as const

const forms: Readonly<Record<string, Form>> = {
  caffe: { ...grouped, norm: { bias: 1, convention: 'caffe' }, bias: 0.1 },
  paper: { ...grouped, norm: { bias: 2, convention: 'paper' }, bias: 1 },
  caffenet: { ...grouped, norm: { bias: 1, convention: 'caffe' }, poolFirst: true, bias: 1 },
  torchvision: { filters: [64, 192, 384, 256, 256], groups: 1, border: 2, bias: 0, lastPool: 'valid' },
}

const caffe: PublishedForm = {
  name: 'caffe',
  convBias: true,
  normEpsilon: 1e-5, // has no batch norm
  normMomentum: 0.9,
  stridedPadding: 'both',
  bottleneckStride: '1x1',
  kernelInitializer: { normal: 0.01 },
  preprocessing: caffe227,
}

const flavors: readonly PublishedForm[] = [
  caffe,
  { ...caffe, name: 'paper', preprocessing: alexnetPreprocessing },
  { ...caffe, name: 'caffenet' },
  { ...caffe, name: 'torchvision', kernelInitializer: 'torchUniform', preprocessing: torch224 },
]

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const form = forms[scope.flavor.name]!
  const [first, second, ...others] = form.filters
  const stem = scope.at('stem')
  let x = unit(input, stem.at('conv'), { filters: first, kernelSize: 11, strides: 4, padding: form.border }, 0)
  x = normAndPool(x, stem, form) // 27 x 27 x 96 from 227 x 227
  const stage1 = scope.at('stage1')
  x = unit(x, stage1.at('conv1'), { filters: second, kernelSize: 5 }, form.bias, form.groups)
  x = normAndPool(x, stage1, form) // 13 x 13 x 256
  const stage2 = scope.at('stage2')
  others.forEach((filters, i) => {
    // The third convolution sees all channels.
    const [bias, groups] = i === 0 ? [0, 1] : [form.bias, form.groups]
    x = unit(x, stage2.at(`conv${i + 1}`), { filters, kernelSize: 3 }, bias, groups)
  }) // 13 x 13 x 256
  return pool(x, stage2.at('pool'), 'max', { strides: 2, padding: form.lastPool }) // 6 x 6 x 256
}

/** Convolution, in groups where there are several, and ReLU. */
function unit(x: SymbolicTensor, scope: Scope, options: ConvolutionOptions, bias: number, groups = 1): SymbolicTensor {
  const biasInitializer = initializers.constant({ value: bias })
  if (groups === 1) return activate(convolution(x, scope, { ...options, biasInitializer }), scope, 'relu')
  const { filters } = options
  const kernelSize = options.kernelSize as number
  const kernelInitializer = scope.kernelInitializer()
  const layer = groupedConv2d({
    name: scope.path,
    groups,
    filters,
    kernelSize,
    padding: 'same',
    kernelInitializer,
    biasInitializer,
  })
  return activate(layer.apply(x) as SymbolicTensor, scope, 'relu')
}

function normAndPool(x: SymbolicTensor, scope: Scope, { norm, poolFirst }: Form): SymbolicTensor {
  const pooled = (y: SymbolicTensor): SymbolicTensor =>
    pool(y, scope.at('pool'), 'max', { strides: 2, padding: 'valid' })
  const normed = (y: SymbolicTensor): SymbolicTensor =>
    norm ? (localResponseNorm({ name: scope.at('norm').path, ...norm }).apply(y) as SymbolicTensor) : y
  return poolFirst ? normed(pooled(x)) : pooled(normed(x))
}

function head(x: SymbolicTensor, scope: Scope, { classes, dropout }: HeadOptions): SymbolicTensor {
  if (scope.flavor.name === 'torchvision') {
    return fullyConnectedHead(x, scope, { classes, dropout, dropoutAt: 'before', grid: [6, 6] })
  }
  const biasInitializer = initializers.constant({ value: forms[scope.flavor.name]!.bias })
  const hidden = scope.flavor.name === 'paper' ? {} : { kernelInitializer: { normal: 0.005 } }
  return fullyConnectedHead(x, scope, { classes, dropout, biasInitializer, ...hidden })
}

/** AlexNet's architecture. */
export const alexnetArchitecture: Architecture = {
  name: 'alexnet',
  body,
  head,
  flavors,
  minimumSize: 63,
  dropout: 0.5,
  preprocessing: caffe227,
  dialects: alexnetDialects,
  records: alexnetRecords,
  paper: 'https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks',
}

/**
 * AlexNet (Krizhevsky et al. 2012): 61 M parameters, 0.7 G multiply-accumulates, as Caffe's bvlc_alexnet; `flavor` is `caffe`,
 * `paper`, `caffenet` (pooling before the norm) or `torchvision` (one column, no norm). Options, result and errors as `createModel`.
 */
export function alexnet(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(alexnetArchitecture, options)
}
