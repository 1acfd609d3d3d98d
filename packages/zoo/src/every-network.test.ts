import '@tensorflow/tfjs-backend-cpu'
import { describeNetworks } from './testing/describe-networks.ts'
import { forms } from './testing/forms.ts'

describeNetworks(await forms({ heavy: false }))
