import type { WeightsRecord } from '../architecture.ts'
import { caffe224, torch224 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, onnxRecord, timmRecord, torchvisionRecord } from './publishers.ts'

const keras = (depth: number, md5: string, accuracy: Accuracy): WeightsRecord =>
  kerasRecord(`densenet/densenet${depth}_weights_tf_dim_ordering_tf_kernels.h5`, md5, accuracy, {
    preprocessing: torch224,
    licence: 'BSD-3-Clause',
  })

const timm = (model: string, accuracy: Accuracy): WeightsRecord => timmRecord(model, [224, 0.875, 'bicubic'], accuracy)

/**
 * ONNX's file does not say how its pictures are prepared, nor what it gives. Its layers bear the names of shicai/DenseNet-Caffe,
 * which says: blue first, the means off, times 0.017.
 */
const onnx: WeightsRecord = onnxRecord(
  'densenet-121/model/densenet-12.onnx',
  '0294e7e88e5b3360de9b0fdc321baf9e6ef18b7f058c4536caae3b9f18ed9ed5',
  undefined,
  {
    flavor: 'torchvision',
    preprocessing: { ...caffe224, mean: [103.94, 116.78, 123.68], std: [1 / 0.017, 1 / 0.017, 1 / 0.017] },
    licence: 'MIT',
  },
)

/** Weights of DenseNet, by model. Keras' files were ported from torchvision's. */
export const densenetRecords: Readonly<
  Record<'densenet121' | 'densenet161' | 'densenet169' | 'densenet201', readonly WeightsRecord[]>
> = {
  densenet121: [
    keras(121, '9d60b8095a5708f2dcce2bca79d332c7', [74.972, 92.258]),
    torchvisionRecord('densenet121-a639ec97.pth', [74.434, 91.972]),
    timm('densenet121.ra_in1k', [75.574, 92.648]),
    timm('densenet121.tv_in1k', [74.75, 92.158]),
    onnx,
  ],
  densenet161: [
    torchvisionRecord('densenet161-8d451a50.pth', [77.138, 93.56]),
    timm('densenet161.tv_in1k', [77.384, 93.656]),
  ],
  densenet169: [
    keras(169, 'd699b8f76981ab1b30698df4c175e90b', [76.176, 93.176]),
    torchvisionRecord('densenet169-b2777c0a.pth', [75.6, 92.806]),
    timm('densenet169.tv_in1k', [75.922, 92.976]),
  ],
  densenet201: [
    keras(201, '1ceb130c1ea1b78c3bf6114dbdfd8807', [77.32, 93.62]),
    torchvisionRecord('densenet201-c1103571.pth', [76.896, 93.37]),
    timm('densenet201.tv_in1k', [77.284, 93.48]),
  ],
}
