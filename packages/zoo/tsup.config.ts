import { preset } from '../../tsup.preset.ts'

export default preset([
  'src/index.ts',
  'src/families/alexnet.ts',
  'src/families/zfnet.ts',
  'src/families/vgg.ts',
  'src/families/squeezenet.ts',
  'src/families/googlenet.ts',
  'src/families/inception-v2.ts',
  'src/families/inception-v3.ts',
  'src/families/inception-v4.ts',
  'src/families/inception-resnet-v2.ts',
  'src/families/xception.ts',
  'src/families/resnet.ts',
  'src/families/densenet.ts',
  'src/families/densenet-cifar.ts',
  'src/families/resnet-cifar.ts',
  'src/families/resnet-v2.ts',
  'src/families/mobilenet-v1.ts',
  'src/families/mobilenet-v2.ts',
  'src/families/nasnet.ts',
  'src/labels/imagenet.ts',
])
