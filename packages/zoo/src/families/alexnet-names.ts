import type { Dialect } from '../dialect.ts'
import { caffe2Layout, torchLayout } from '../layout.ts'

/** The names of Caffe's prototxts, as the files of ONNX's model zoo have them: `conv1_w_0`. */
const onnxNames: Dialect = {
  name: 'onnx',
  flavors: ['caffe', 'paper', 'caffenet'],
  layout: caffe2Layout,
  layers: [
    ['stem.conv', 'conv1'],
    ['stage1.conv1', 'conv2'],
    ['stage2.conv{i}', ({ i }) => `conv${i! + 2}`],
    ['head.fc{i}', ({ i }) => `fc${i}`],
    ['head.logits', 'fc8'],
  ],
}

const torchvisionNames: Dialect = {
  name: 'torchvision',
  flavors: ['torchvision'],
  layout: torchLayout,
  layers: [
    ['stem.conv', 'features.0'],
    ['stage1.conv1', 'features.3'],
    ['stage2.conv{i}', ({ i }) => `features.${4 + 2 * i!}`],
    ['head.fc6', 'classifier.1'],
    ['head.fc7', 'classifier.4'],
    ['head.logits', 'classifier.6'],
  ],
}

/** The names that published files of AlexNet use. */
export const alexnetDialects: readonly Dialect[] = [onnxNames, torchvisionNames]
