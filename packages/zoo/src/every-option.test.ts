import '@tensorflow/tfjs-backend-cpu'
import { describeOptions } from './testing/describe-options.ts'
import { forms } from './testing/forms.ts'

describeOptions(await forms({ heavy: false }))
