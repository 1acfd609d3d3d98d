import {
  type ConvolutionUnit,
  convActivation,
  convNorm,
  type Initializer,
  type Padding,
  roundUp,
  type Scope,
} from '@cnnkit/layers'
import { initializers } from '@tensorflow/tfjs-layers'
import type { PublishedForm } from '../architecture.ts'
import { caffe224, tf224 } from '../records/preprocessing.ts'

const paper: PublishedForm = {
  name: 'paper',
  convBias: true,
  normEpsilon: 1e-3, // has no norms
  normMomentum: 0.9,
  stridedPadding: 'both',
  bottleneckStride: '1x1',
  kernelInitializer: 'leCunUniform',
  preprocessing: caffe224,
  dropout: 0.4,
}

const torchvision: PublishedForm = {
  ...paper,
  name: 'torchvision',
  convBias: false,
  normVariance: 'sample',
  kernelInitializer: { normal: 0.01 },
  preprocessing: tf224,
  dropout: 0.2,
}

const slim: PublishedForm = {
  ...torchvision,
  name: 'slim',
  normScale: false,
  normMomentum: 0.9997,
  stridedPadding: 'same',
  kernelInitializer: { truncatedNormal: 0.01 },
}

// Its graph pools without the border that Caffe adds: 55, 27, 13 and 6 in place of 56, 28, 14 and 7.
const onnx: PublishedForm = { ...paper, name: 'onnx', minimumSize: 61 }

/** What the forms differ in beyond the fields of a flavor. */
export interface Form {
  /** A convolution with what follows it. */
  readonly unit: ConvolutionUnit
  /** Whether there is local response norm in the stem, and 5x5 is 5x5. */
  readonly asPublished: boolean
  /** Border of the poolings that halve the grid. */
  readonly poolPadding: Padding
  /** Window of the pooling before the last stage, in pixels. */
  readonly lastPool: number
}

/** What fresh biases start from in the paper's form, as Caffe's bvlc_googlenet has it. */
export const bias: Initializer = initializers.constant({ value: 0.2 })
const biased: ConvolutionUnit = (x, scope, options) =>
  convActivation(x, scope, { ...options, biasInitializer: bias, activation: 'relu' })
const normed: ConvolutionUnit = (x, scope, options) => convNorm(x, scope, { ...options, activation: 'relu' })

/** The published forms of GoogLeNet; the first is the one that is built unless weights or the user say otherwise. */
export const flavors: readonly PublishedForm[] = [torchvision, paper, onnx, slim]

const forms: Readonly<Record<string, Form>> = {
  paper: { unit: biased, asPublished: true, poolPadding: roundUp, lastPool: 3 },
  onnx: { unit: biased, asPublished: true, poolPadding: 'valid', lastPool: 3 },
  torchvision: { unit: normed, asPublished: false, poolPadding: roundUp, lastPool: 2 },
  slim: { unit: normed, asPublished: false, poolPadding: 'same', lastPool: 2 },
}

/** What a flavor means beyond its fields. */
export function formOf({ flavor }: Scope): Form {
  return forms[flavor.name]!
}
