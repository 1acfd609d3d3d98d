import type { WeightsRecord } from '../architecture.ts'
import { tf224 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, timmRecord } from './publishers.ts'

const keras = (depth: number, md5: string, [top1, top5]: Accuracy): WeightsRecord =>
  kerasRecord(`resnet/resnet${depth}v2_weights_tf_dim_ordering_tf_kernels.h5`, md5, undefined, {
    preprocessing: tf224,
    licence: 'MIT',
    accuracy: { top1, top5, source: 'keras-applications README, at 299' },
  })

const timm = (depth: number, accuracy: Accuracy): WeightsRecord =>
  timmRecord(`resnetv2_${depth}.a1h_in1k`, [224, 0.95, 'bicubic'], accuracy, {
    flavor: 'timm',
    preprocessing: { ...tf224, cropFraction: 0.95, filter: 'bicubic' },
  })

/** Weights of ResNet v2, by model. */
export const resnetV2Records: Readonly<
  Record<'resnet50_v2' | 'resnet101_v2' | 'resnet152_v2', readonly WeightsRecord[]>
> = {
  resnet50_v2: [keras(50, '3ef43a0b657b3be2300d5770ece849e0', [75.96, 93.034]), timm(50, [80.41, 95.082])],
  resnet101_v2: [keras(101, '6343647c601c52e1368623803854d971', [77.234, 93.816]), timm(101, [82.042, 95.866])],
  resnet152_v2: [keras(152, 'a49b44d1979771252814e80f8ec446f9', [78.032, 94.162])],
}
