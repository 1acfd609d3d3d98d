import type { WeightsRecord } from '../architecture.ts'
import { firstPublishedIn } from './fchollet.ts'
import { tf299 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, timmRecord } from './publishers.ts'

const timm = (training: string, accuracy: Accuracy): WeightsRecord =>
  timmRecord(`inception_resnet_v2.${training}`, [299, 0.8975, 'bicubic'], accuracy, {
    flavor: 'timm',
    preprocessing: { ...tf299, cropFraction: 0.8975, filter: 'bicubic' },
  })

/** Weights of Inception-ResNet v2, all ports of Google's. */
export const inceptionResnetV2Records: readonly WeightsRecord[] = [
  firstPublishedIn(
    'v0.7',
    kerasRecord(
      'inception_resnet_v2/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels.h5',
      'e693bd0210a403b3192acc6073ad2e96',
      [80.256, 95.252],
      { preprocessing: tf299, licence: 'Apache-2.0' },
    ),
  ),
  timm('tf_in1k', [80.434, 95.312]),
  timm('tf_ens_adv_in1k', [79.998, 94.94]),
]
