import type { WeightsRecord } from '../architecture.ts'
import { tf299 } from './preprocessing.ts'

const keras: WeightsRecord = {
  tag: 'keras-in1k',
  flavor: 'keras',
  sources: [
    {
      kind: 'url',
      url: 'https://storage.googleapis.com/tensorflow/keras-applications/xception/xception_weights_tf_dim_ordering_tf_kernels.h5',
      checksum: 'md5:0a58e3b7378bc2990ea3b43d5981f1f6',
    },
    {
      kind: 'url',
      url: 'https://github.com/fchollet/deep-learning-models/releases/download/v0.4/xception_weights_tf_dim_ordering_tf_kernels.h5',
      checksum: 'md5:0a58e3b7378bc2990ea3b43d5981f1f6',
      cors: false,
    },
  ],
  classes: 1000,
  labels: 'imagenet-1k',
  preprocessing: tf299,
  licence: 'MIT',
  publisher: 'Keras Applications (xception_weights_tf_dim_ordering_tf_kernels.h5)',
  accuracy: { top1: 79.006, top5: 94.452, source: 'keras-applications README, at 299' },
}

/** Weights of Xception. */
export const xceptionRecords: readonly WeightsRecord[] = [keras]
