import type { WeightsRecord } from '../architecture.ts'
import { tf224, torch224 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, timmRecord, torchvisionRecord } from './publishers.ts'

/** Accuracies at 224 of keras-applications' README; those at other sizes it does not give. */
const at224: Readonly<Record<'0.35' | '0.5' | '0.75' | '1.0' | '1.3' | '1.4', Accuracy>> = {
  '0.35': [60.086, 82.432],
  '0.5': [65.194, 86.062],
  '0.75': [69.532, 89.176],
  '1.0': [71.336, 90.142],
  '1.3': [74.68, 92.122],
  '1.4': [75.23, 92.422],
}

/**
 * The files of Keras at a width. Each was trained at its own size, so that they are different networks: `keras-in1k` sees
 * pictures of 224, `keras-in1k-96` of 96.
 */
const trained = (width: keyof typeof at224, sizes: readonly number[] = [224, 192, 160, 128, 96]): WeightsRecord[] =>
  sizes.map((size) => {
    const accuracy = size === 224 ? at224[width] : undefined
    const file = `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${width}_${size}.h5`
    return kerasRecord(`mobilenet_v2/${file}`, undefined, accuracy, {
      tag: size === 224 ? 'keras-in1k' : `keras-in1k-${size}`,
      preprocessing: { ...tf224, size: [size, size] },
      licence: 'Apache-2.0',
    })
  })

const torchvision: readonly WeightsRecord[] = [
  torchvisionRecord('mobilenet_v2-b0353104.pth', [71.878, 90.286]),
  // The second recipe scales the short side to 232.
  torchvisionRecord('mobilenet_v2-7ebf99e0.pth', [72.154, 90.822], {
    tag: 'torchvision-in1k-v2',
    preprocessing: { ...torch224, cropFraction: 224 / 232 },
  }),
]

const timm = (model: string, accuracy: Accuracy): WeightsRecord => timmRecord(model, [224, 0.875, 'bicubic'], accuracy)

/** Weights of MobileNet v2, by model. */
export const mobilenetV2Records: Readonly<
  Record<`mobilenet_v2_${'035' | '050' | '075' | '100' | '130' | '140'}`, readonly WeightsRecord[]>
> = {
  mobilenet_v2_035: trained('0.35'),
  mobilenet_v2_050: [...trained('0.5'), timm('mobilenetv2_050.lamb_in1k', [65.928, 86.114])],
  mobilenet_v2_075: trained('0.75'),
  mobilenet_v2_100: [...trained('1.0'), ...torchvision, timm('mobilenetv2_100.ra_in1k', [72.91, 91])],
  mobilenet_v2_130: trained('1.3', [224]),
  mobilenet_v2_140: [...trained('1.4', [224]), timm('mobilenetv2_140.ra_in1k', [76.528, 93.008])],
}
