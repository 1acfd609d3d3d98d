import type { WeightsRecord } from '../architecture.ts'
import { caffe224 } from './preprocessing.ts'
import { onnxRecord } from './publishers.ts'

/** Weights of ZFNet. Their publisher says nothing of preprocessing: taken to be that of the other networks there that come from Caffe. */
export const zfnetRecords: readonly WeightsRecord[] = [
  onnxRecord(
    'zfnet-512/model/zfnet512-9.onnx',
    '55e3cb74e3d1744e0a8d9fecadd79e9f52887891e2e17df639670ac7293d99ba',
    [55.97, 79.41],
    { flavor: 'onnx', preprocessing: caffe224, licence: 'MIT' },
  ),
]
