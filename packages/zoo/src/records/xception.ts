import type { WeightsRecord } from '../architecture.ts'
import { firstPublishedIn } from './fchollet.ts'
import { tf299 } from './preprocessing.ts'
import { kerasRecord } from './publishers.ts'

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
]
