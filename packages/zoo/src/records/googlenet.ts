import type { WeightsRecord } from '../architecture.ts'
import { caffe224, tf224 } from './preprocessing.ts'
import { onnxRecord, torchvisionRecord } from './publishers.ts'

const inception = 'inception_and_googlenet'

/**
 * Weights of GoogLeNet. torchvision's were ported from slim's and take pictures on -1 to 1 (`transform_input`); the auxiliary
 * heads in the file were not trained. Caffe's bvlc_googlenet.caffemodel, of which ONNX's is a conversion, and slim's checkpoint
 * are in formats that are not read.
 */
export const googlenetRecords: readonly WeightsRecord[] = [
  torchvisionRecord('googlenet-1378be20.pth', [69.778, 89.53], { preprocessing: tf224 }),
  onnxRecord(
    `${inception}/googlenet/model/googlenet-12.onnx`,
    'c99c507058eaf41de8723408fdda7db8325cb57f0a89f2ee07a716d6e963e14e',
    [67.78, 88.34],
    { flavor: 'paper', preprocessing: caffe224, licence: 'BSD-3-Clause' },
  ),
  // Its README has top-1 alone: 67.23.
  onnxRecord(
    `${inception}/inception_v1/model/inception-v1-12.onnx`,
    '814b31a6316873bd03d2d808415ce1f40a7bf48ad88eab5ecc3cdc8dc6cf38ec',
    undefined,
    { tag: 'onnx-inception-v1-in1k', flavor: 'onnx', preprocessing: caffe224, licence: 'MIT' },
  ),
]
