import type { WeightsRecord } from '../architecture.ts'
import { tf224 } from './preprocessing.ts'
import { kerasRecord, timmRecord } from './publishers.ts'

const licence = 'Apache-2.0'

/** Weights of NASNet, by model. The ports of Cadene's (`nasnetamobile-7e03cead.pth`) have names of their own and are not read. */
export const nasnetRecords: Readonly<Record<'nasnet_mobile' | 'nasnet_large', readonly WeightsRecord[]>> = {
  nasnet_mobile: [
    kerasRecord('nasnet/NASNet-mobile.h5', '020fb642bf7360b370c678b08e0adf61', [74.366, 91.854], {
      preprocessing: tf224,
      licence,
    }),
  ],
  nasnet_large: [
    kerasRecord('nasnet/NASNet-large.h5', '11577c9a518f0070763c2b964a382f17', [82.498, 96.004], {
      preprocessing: { ...tf224, size: [331, 331] },
      licence,
    }),
    timmRecord('nasnetalarge.tf_in1k', [331, 0.911, 'bicubic'], [82.638, 96.066], {
      flavor: 'timm',
      preprocessing: { ...tf224, size: [331, 331], cropFraction: 0.911, filter: 'bicubic' },
    }),
  ],
}
