import type { WeightsRecord } from '../architecture.ts'
import { firstPublishedIn } from './fchollet.ts'
import { caffe224 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, onnxRecord, timmRecord, torchvisionRecord } from './publishers.ts'

// torchvision also has vgg16_features-amdegroot-88682ab5.pth, whose classifier is not valid: it is Caffe's network for detectors.

const oxford = { preprocessing: caffe224, licence: 'CC-BY-4.0' } as const

/** Keras' file and the one without the top, which is a tenth of its size: for `includeTop: false`. */
const keras = (
  depth: 16 | 19,
  whole: string,
  withoutTop: string,
  accuracy: Accuracy,
): readonly [WeightsRecord, WeightsRecord] => {
  const file = `vgg${depth}/vgg${depth}_weights_tf_dim_ordering_tf_kernels`
  return [
    firstPublished(kerasRecord(`${file}.h5`, whole, accuracy, oxford)),
    firstPublished(kerasRecord(`${file}_notop.h5`, withoutTop, undefined, { ...oxford, tag: 'keras-in1k-notop' })),
  ]
}

const firstPublished = (record: WeightsRecord): WeightsRecord => firstPublishedIn('v0.1', record)

/** torchvision's file, and timm's of the same weights. */
const torch = (file: string, accuracy: Accuracy, measuredByTimm: Accuracy): readonly [WeightsRecord, WeightsRecord] => [
  torchvisionRecord(file, accuracy),
  timmRecord(`${file.split('-')[0]}.tv_in1k`, [224, 0.875, 'bilinear'], measuredByTimm, { licence: 'BSD-3-Clause' }),
]

/** Weights of VGG, by model. */
export const vggRecords: Readonly<Record<`vgg${11 | 13 | 16 | 19}${'' | '_bn'}`, readonly WeightsRecord[]>> = {
  vgg11: torch('vgg11-8a719046.pth', [69.02, 88.628], [69.05, 88.63]),
  vgg11_bn: torch('vgg11_bn-6002323d.pth', [70.37, 89.81], [70.374, 89.802]),
  vgg13: torch('vgg13-19584684.pth', [69.928, 89.246], [69.95, 89.262]),
  vgg13_bn: torch('vgg13_bn-abd245e5.pth', [71.586, 90.374], [71.56, 90.372]),
  vgg16: [
    ...keras(16, '64373286793e3c8b2b4e3219cbf3544b', '6d6bbae143d832006294945121d1f1fc', [71.268, 90.05]),
    ...torch('vgg16-397923af.pth', [71.592, 90.382], [71.594, 90.398]),
  ],
  vgg16_bn: torch('vgg16_bn-6c64b313.pth', [73.36, 91.516], [73.354, 91.49]),
  vgg19: [
    ...keras(19, 'cbe5617147190e668d6c5d5026f83318', '253f8cb515780f3b799900260a226db6', [71.256, 89.988]),
    ...torch('vgg19-dcbb9e9d.pth', [72.376, 90.876], [72.4, 90.878]),
    onnxRecord(
      'vgg/model/vgg19-caffe2-9.onnx',
      'cfb97260b303ad3963999662456571b89c5f73dbdd2fd9dffd19fed7a90f766b',
      undefined,
      { ...oxford, flavor: 'caffe' },
    ),
  ],
  vgg19_bn: torch('vgg19_bn-c79401a0.pth', [74.218, 91.842], [74.23, 91.848]),
}
