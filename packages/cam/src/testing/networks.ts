import type { ModelName } from '@cnnkit/zoo'

/** Networks that take a second or two for all methods: of every kind of block one, but for those with fully connected heads. */
export const lightNetworks: readonly ModelName[] = [
  'googlenet',
  'inception_v2',
  'plain20_cifar',
  'resnet18',
  'resnet20_cifar',
  'densenet40_cifar',
  'squeezenet1_0',
  'squeezenet1_1',
  'mobilenet_v1_025',
  'mobilenet_v2_035',
]
