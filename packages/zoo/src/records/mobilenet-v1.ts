import type { WeightsRecord } from '../architecture.ts'
import { tf224 } from './preprocessing.ts'

/** The weights of Keras Applications at width 0.25, in the data package that carries them whole. */
const keras025: WeightsRecord = {
  tag: 'keras-in1k',
  flavor: 'keras',
  sources: [{ kind: 'package', name: '@cnnkit/weights-mobilenet-v1-025' }],
  classes: 1000,
  labels: 'imagenet-1k',
  preprocessing: tf224,
  licence: 'MIT',
  publisher: 'Keras Applications (mobilenet_2_5_224_tf.h5), as giangndonaclover/ILearnMachineLearning.js carries them',
  accuracy: { top1: 51.582, top5: 75.792, source: 'keras-applications README, width 0.25 at 224' },
}

/** Weights of MobileNet v1, by model. */
export const mobilenetV1Records: Readonly<
  Record<`mobilenet_v1_${'025' | '050' | '075' | '100'}`, readonly WeightsRecord[]>
> = {
  mobilenet_v1_025: [keras025],
  mobilenet_v1_050: [],
  mobilenet_v1_075: [],
  mobilenet_v1_100: [],
}
