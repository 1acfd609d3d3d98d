import type { WeightsRecord } from '../architecture.ts'
import { firstPublishedIn } from './fchollet.ts'
import { tf299 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, timmRecord, torchvisionRecord } from './publishers.ts'

/** timm's, that keep -1 to 1 as the original has it. */
const timm = (training: string, accuracy: Accuracy): WeightsRecord =>
  timmRecord(`inception_v3.${training}`, [299, 0.875, 'bicubic'], accuracy, {
    preprocessing: { ...tf299, filter: 'bicubic' },
  })

/** Weights of Inception v3. All but gluon's are ports of Google's. */
export const inceptionV3Records: readonly WeightsRecord[] = [
  firstPublishedIn(
    'v0.5',
    kerasRecord(
      'inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels.h5',
      '9a0d58056eeedaa3f26cb7ebd46da564',
      [77.898, 93.72],
      { preprocessing: tf299, licence: 'Apache-2.0' },
    ),
  ),
  // torchvision normalises by ImageNet's mean and deviation and then undoes it (`transform_input`): what remains is -1 to 1.
  torchvisionRecord('inception_v3_google-0cc3c7bd.pth', [77.294, 93.45], {
    preprocessing: { ...tf299, cropFraction: 299 / 342 },
    sources: [
      {
        kind: 'url',
        url: 'https://download.pytorch.org/models/inception_v3_google-0cc3c7bd.pth',
        checksum: 'sha256:0cc3c7bd75056d25e46cba549dc184522069b81e9787eff6df84f397bd52a5ef',
      },
    ],
  }),
  timm('tv_in1k', [77.472, 93.468]),
  timm('tf_in1k', [77.866, 93.644]),
  timm('tf_adv_in1k', [77.598, 93.726]),
  timmRecord('inception_v3.gluon_in1k', [299, 0.875, 'bicubic'], [78.806, 94.372]),
]
