import type { WeightsRecord } from '../architecture.ts'
import { tf224 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, timmRecord } from './publishers.ts'

/** Accuracies at 224 of keras-applications' README; those at other sizes it does not give. */
const at224: Readonly<Record<'2_5' | '5_0' | '7_5' | '1_0', Accuracy>> = {
  '2_5': [51.582, 75.792],
  '5_0': [64.292, 85.624],
  '7_5': [68.412, 88.242],
  '1_0': [70.424, 89.504],
}

/**
 * The four files of Keras at a width. Each was trained at its own size, so that they are four networks: `keras-in1k` sees
 * pictures of 224, `keras-in1k-160` of 160.
 */
const trained = (width: keyof typeof at224): readonly WeightsRecord[] =>
  [224, 192, 160, 128].map((size) => {
    const accuracy = size === 224 ? at224[width] : undefined
    return kerasRecord(`mobilenet/mobilenet_${width}_${size}_tf.h5`, undefined, accuracy, {
      tag: size === 224 ? 'keras-in1k' : `keras-in1k-${size}`,
      preprocessing: { ...tf224, size: [size, size] },
      licence: 'Apache-2.0',
    })
  })

/** The file of width 0.25 at 224 is also in a data package that carries it whole. */
function packaged([first, ...others]: readonly WeightsRecord[]): readonly WeightsRecord[] {
  const sources = [{ kind: 'package', name: '@cnnkit/weights-mobilenet-v1-025' } as const, ...first!.sources]
  return [{ ...first!, sources }, ...others]
}

/** Trained anew in 2024 with timm's recipe for MobileNet v4. */
const ra4: WeightsRecord = timmRecord('mobilenetv1_100.ra4_e3600_r224_in1k', [224, 0.875, 'bicubic'], [75.388, 92.31], {
  flavor: 'timm',
  preprocessing: { ...tf224, filter: 'bicubic' },
})

/** Weights of MobileNet v1, by model. */
export const mobilenetV1Records: Readonly<
  Record<`mobilenet_v1_${'025' | '050' | '075' | '100'}`, readonly WeightsRecord[]>
> = {
  mobilenet_v1_025: packaged(trained('2_5')),
  mobilenet_v1_050: trained('5_0'),
  mobilenet_v1_075: trained('7_5'),
  mobilenet_v1_100: [...trained('1_0'), ra4],
}
