import type { WeightsRecord } from '../architecture.ts'
import { caffe224, caffe227 } from './preprocessing.ts'
import { onnxRecord, torchvisionRecord } from './publishers.ts'

/** A port of the authors' weights. */
const keras: WeightsRecord = {
  tag: 'keras-in1k',
  flavor: 'keras',
  sources: [
    {
      kind: 'url',
      url: 'https://github.com/rcmalli/keras-squeezenet/releases/download/v1.0/squeezenet_weights_tf_dim_ordering_tf_kernels.h5',
      checksum: 'none',
      cors: false,
    },
  ],
  classes: 1000,
  labels: 'imagenet-1k',
  preprocessing: caffe227,
  licence: 'MIT',
  publisher: 'rcmalli/keras-squeezenet',
}

/** ONNX's model zoo calls it 1.0, yet its graph is that of 1.1. Its publisher says nothing of preprocessing: taken to be the authors'. */
const onnx: WeightsRecord = onnxRecord(
  'squeezenet/model/squeezenet1.0-9.onnx',
  'f2d3201f013b72988109e677e9244250f4cc02394529432972f05e1f6dcc7b62',
  [56.85, 79.87],
  { flavor: 'caffe', preprocessing: caffe224, licence: 'MIT' },
)

/** Weights of SqueezeNet, by model. */
export const squeezenetRecords: Readonly<Record<'squeezenet1_0' | 'squeezenet1_1', readonly WeightsRecord[]>> = {
  squeezenet1_0: [torchvisionRecord('squeezenet1_0-b66bff10.pth', [58.092, 80.42])],
  squeezenet1_1: [torchvisionRecord('squeezenet1_1-b8a52dc0.pth', [58.178, 80.624]), keras, onnx],
}
