import type { WeightsRecord } from '../architecture.ts'
import { firstPublishedIn } from './fchollet.ts'
import { tf299 } from './preprocessing.ts'
import { kerasRecord, timmRecord } from './publishers.ts'

/** Weights of Xception. */
export const xceptionRecords: readonly WeightsRecord[] = [
  firstPublishedIn(
    'v0.4',
    kerasRecord(
      'xception/xception_weights_tf_dim_ordering_tf_kernels.h5',
      '0a58e3b7378bc2990ea3b43d5981f1f6',
      [79.006, 94.452],
      { preprocessing: tf299, licence: 'MIT' },
    ),
  ),
  // A port of Keras' weights, which timm does not have on its hub.
  timmRecord('legacy_xception.tf_in1k', [299, 0.8975, 'bicubic'], [79.058, 94.396], {
    flavor: 'timm',
    sources: [
      {
        kind: 'url',
        url: 'https://github.com/rwightman/pytorch-image-models/releases/download/v0.1-cadene/xception-43020ad28.pth',
        checksum: 'sha256-prefix:43020ad28',
        cors: false,
      },
    ],
    preprocessing: { ...tf299, cropFraction: 0.8975, filter: 'bicubic' },
  }),
]
