import { describeFused } from './testing/describe-fused.ts'

// One network of each kind of block; all others are held by the slow test.
describeFused([
  { network: 'squeezenet1_1', flavor: 'torchvision' },
  { network: 'googlenet', flavor: 'torchvision' },
  { network: 'resnet18', flavor: 'torchvision' },
  { network: 'resnet20_cifar', flavor: 'paper' },
  { network: 'densenet40_cifar', flavor: 'paper' },
  { network: 'mobilenet_v1_025', flavor: 'keras' },
  { network: 'mobilenet_v2_035', flavor: 'torchvision' },
  { network: 'nasnet_mobile', flavor: 'keras' },
])
