import type { WeightsRecord } from '../architecture.ts'
import { caffe224 } from './preprocessing.ts'
import { onnxRecord } from './publishers.ts'

/**
 * Weights of Inception v2. Slim's checkpoint (73.9 / 91.8) is in a format that is not read. No accuracy was published of the
 * file of ONNX's model zoo, nor how its pictures are prepared: as for Caffe's networks.
 */
export const inceptionV2Records: readonly WeightsRecord[] = [
  onnxRecord(
    'inception_and_googlenet/inception_v2/model/inception-v2-9.onnx',
    '37ed4aa93f817fd0d1cc19bda045ebd70f18d0887a5f51e66ecd0ed8fd5a65c2',
    undefined,
    { flavor: 'onnx', preprocessing: caffe224, licence: 'MIT' },
  ),
]
