import type { Preprocessing } from '@cnnkit/layers'
import type { WeightsRecord } from '../architecture.ts'
import { caffe224, caffe227 } from './preprocessing.ts'
import { onnxRecord, torchvisionRecord } from './publishers.ts'

/** Red first and the mean of each channel taken off; the paper takes off a mean picture, whose channels have these means. */
export const alexnetPreprocessing: Preprocessing = {
  ...caffe227,
  channelOrder: 'rgb',
  mean: [...caffe227.mean].reverse(),
}

/** BVLC's own mean of each channel, which is rounded. */
const caffe: Preprocessing = { ...caffe224, mean: [104, 117, 123] }

/** Weights of AlexNet. Those of the first three flavors lie in Caffe's format at BVLC; ONNX's model zoo has them in one that is read here. */
export const alexnetRecords: readonly WeightsRecord[] = [
  onnxRecord(
    'alexnet/model/bvlcalexnet-9.onnx',
    'ef3c82dad5c512f969dbf701fe35c0b3feb1585687d541f765eb68730c0a8af7',
    [54.8, 78.23],
    { flavor: 'caffe', preprocessing: caffe, licence: 'BSD-3-Clause' },
  ),
  onnxRecord(
    'caffenet/model/caffenet-9.onnx',
    '802138332cf3e423c82a9a80c76e4f9227dd4effb3aba55413601fa4345cfd36',
    [56.27, 79.52],
    { tag: 'onnx-caffenet-in1k', flavor: 'caffenet', preprocessing: caffe, licence: 'BSD-3-Clause' },
  ),
  torchvisionRecord('alexnet-owt-7be5be79.pth', [56.522, 79.066]),
]
