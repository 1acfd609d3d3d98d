import '@tensorflow/tfjs-backend-cpu'
import { describeNetworks } from './testing/describe-networks.ts'
import { lightNetworks } from './testing/networks.ts'

describeNetworks(lightNetworks)
