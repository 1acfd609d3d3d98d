// Zeiler and Fergus 2013, "Visualizing and understanding convolutional networks", figure 3 (arXiv:1311.2901). The flavor onnx equals
// zfnet512 of ONNX's model zoo, from Caffe2: 512 maps in the last three convolutions, 1024 units in fc7, the norm before the pooling, no borders.
import {
  convActivation,
  fullyConnectedHead,
  localResponseNorm,
  type Padding,
  pool,
  roundUp,
  type Scope,
} from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions, PublishedForm } from '../architecture.ts'
import type { Dialect } from '../dialect.ts'
import { caffe2Layout } from '../layout.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { alexnetPreprocessing } from '../records/alexnet.ts'
import { caffe224 } from '../records/preprocessing.ts'
import { zfnetRecords } from '../records/zfnet.ts'

/** What the forms differ in beyond the fields of a flavor. */
interface Form {
  /** Of the five convolutions. */
  readonly filters: readonly [number, number, number, number, number]
  /** Zeros around the picture. */
  readonly border: Padding
  /** Whether the pooling comes before the norm, and rounds its grid up. */
  readonly poolFirst: boolean
  /** Side of the window of the last pooling, in pixels. */
  readonly lastPool: number
  /** Of the two hidden dense layers. */
  readonly units: readonly [fc6: number, fc7: number]
}

const forms: Readonly<Record<string, Form>> = {
  onnx: { filters: [96, 256, 512, 512, 512], border: 'valid', poolFirst: false, lastPool: 2, units: [4096, 1024] },
  paper: { filters: [96, 256, 384, 384, 256], border: 1, poolFirst: true, lastPool: 3, units: [4096, 4096] },
}

const onnx: PublishedForm = {
  name: 'onnx',
  convBias: true,
  normEpsilon: 1e-5, // has no batch norm
  normMomentum: 0.9,
  stridedPadding: 'both',
  bottleneckStride: '1x1',
  kernelInitializer: { normal: 0.01 },
  preprocessing: caffe224,
}

const paper: PublishedForm = {
  ...onnx,
  name: 'paper',
  preprocessing: { ...alexnetPreprocessing, size: [224, 224], cropFraction: 0.875 },
}

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const form = forms[scope.flavor.name]!
  const [first, second, ...others] = form.filters
  const activation = 'relu'
  const stem = scope.at('stem')
  const conv = { kernelSize: 7, strides: 2, padding: form.border, activation } as const
  let x = convActivation(input, stem.at('conv'), { filters: first, ...conv })
  x = normAndPool(x, stem, form) // 55 x 55 x 96 from 224 x 224; 54 x 54 in ONNX's
  const stage1 = scope.at('stage1')
  const border = 'valid'
  x = convActivation(x, stage1.at('conv1'), { filters: second, kernelSize: 5, strides: 2, padding: border, activation })
  x = normAndPool(x, stage1, form) // 13 x 13 x 256; 12 x 12
  const stage2 = scope.at('stage2')
  others.forEach((filters, i) => {
    x = convActivation(x, stage2.at(`conv${i + 1}`), { filters, kernelSize: 3, activation })
  }) // 13 x 13 x 256; 12 x 12 x 512
  return pool(x, stage2.at('pool'), 'max', { size: form.lastPool, strides: 2, padding: 'valid' }) // 6 x 6
}

/** Pooling and local response norm as the paper's AlexNet has it; the paper of ZFNet gives no figures for it, ONNX's are these. */
function normAndPool(x: SymbolicTensor, scope: Scope, { poolFirst }: Form): SymbolicTensor {
  const pooled = (y: SymbolicTensor): SymbolicTensor =>
    pool(y, scope.at('pool'), 'max', { strides: 2, padding: poolFirst ? roundUp : 'valid' })
  const norm = localResponseNorm({ name: scope.at('norm').path, bias: 2, convention: 'paper' })
  const normed = (y: SymbolicTensor): SymbolicTensor => norm.apply(y) as SymbolicTensor
  return poolFirst ? normed(pooled(x)) : pooled(normed(x))
}

function head(x: SymbolicTensor, scope: Scope, { classes, dropout }: HeadOptions): SymbolicTensor {
  return fullyConnectedHead(x, scope, { classes, dropout, units: forms[scope.flavor.name]!.units })
}

/** The names of zfnet512 in ONNX's model zoo. */
const onnxNames: Dialect = {
  name: 'onnx',
  layout: caffe2Layout,
  layers: [
    ['stem.conv', 'gpu_0/conv1'],
    ['stage1.conv1', 'gpu_0/conv2'],
    ['stage2.conv{i}', ({ i }) => `gpu_0/conv${i! + 2}`],
    ['head.fc{i}', ({ i }) => `gpu_0/fc${i}`],
    ['head.logits', 'gpu_0/fc8'],
  ],
}

/** ZFNet's architecture. */
export const zfnetArchitecture: Architecture = {
  name: 'zfnet',
  body,
  head,
  flavors: [onnx, paper],
  minimumSize: 63,
  dropout: 0.5,
  preprocessing: caffe224,
  dialects: [onnxNames],
  records: zfnetRecords,
  paper: 'https://arxiv.org/abs/1311.2901',
}

/**
 * ZFNet (Zeiler and Fergus 2013): AlexNet with smaller steps in its first layers. 87 M parameters with 512 maps, as ONNX's
 * zfnet512; 62 M with `flavor: 'paper'`. Options, result and errors as `createModel`.
 */
export function zfnet(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(zfnetArchitecture, options)
}
