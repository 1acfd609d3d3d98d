import '@tensorflow/tfjs-backend-cpu'
import { describePolicies } from '../testing/describe-policies.ts'

describePolicies([
  { network: 'resnet20_cifar', flavor: 'paper' },
  { network: 'mobilenet_v1_025', flavor: 'keras' },
  { network: 'mobilenet_v2_035', flavor: 'keras' },
  { network: 'squeezenet1_1', flavor: 'torchvision' },
  { network: 'densenet40_cifar', flavor: 'paper' },
  { network: 'googlenet', flavor: 'torchvision' },
])
