import '@tensorflow/tfjs-backend-cpu'
import { describeAuxiliaryHeads, describeOptions } from './testing/describe-options.ts'
import { forms } from './testing/forms.ts'

describeOptions(await forms({ heavy: true }))

describeAuxiliaryHeads([
  { network: 'googlenet', flavor: 'torchvision' },
  { network: 'googlenet', flavor: 'paper' },
  { network: 'inception_v3', flavor: 'keras' },
  { network: 'inception_v3', flavor: 'torchvision' },
  { network: 'inception_v4', flavor: 'timm' },
  { network: 'inception_v4', flavor: 'slim' },
])
