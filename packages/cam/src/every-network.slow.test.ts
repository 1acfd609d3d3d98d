import '@tensorflow/tfjs-backend-cpu'
import { listModels } from '@cnnkit/zoo'
import { describeNetworks } from './testing/describe-networks.ts'
import { lightNetworks } from './testing/networks.ts'

describeNetworks(listModels().filter((network) => !lightNetworks.includes(network)))
