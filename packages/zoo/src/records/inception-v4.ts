import type { WeightsRecord } from '../architecture.ts'
import { tf299 } from './preprocessing.ts'
import { timmRecord } from './publishers.ts'

/** The file of TF-slim's weights that kentsommer/keras-inceptionV4 ported to Keras, with slim's background class. */
const keras: WeightsRecord = {
  tag: 'kentsommer-in1k',
  flavor: 'slim',
  sources: [
    {
      kind: 'url',
      url: 'https://github.com/kentsommer/keras-inceptionV4/releases/download/2.1/inception-v4_weights_tf_dim_ordering_tf_kernels.h5',
      checksum: 'md5:9fe79d77f793fe874470d84ca6ba4a3b',
      cors: false,
    },
  ],
  classes: 1000,
  labels: 'imagenet-1k',
  preprocessing: tf299,
  licence: 'Apache-2.0',
  publisher: 'kentsommer/keras-inceptionV4 2.1 (inception-v4_weights_tf_dim_ordering_tf_kernels.h5)',
  accuracy: { top1: 80.46, top5: 95.12, source: "keras-inceptionV4's README" },
}

/** Weights of Inception v4, both ports of Google's. */
export const inceptionV4Records: readonly WeightsRecord[] = [
  timmRecord('inception_v4.tf_in1k', [299, 0.875, 'bicubic'], [80.144, 94.982], {
    flavor: 'timm',
    preprocessing: { ...tf299, filter: 'bicubic' },
  }),
  keras,
]
