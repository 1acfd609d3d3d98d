import '@tensorflow/tfjs-backend-cpu'
import { describeFused } from './testing/describe-fused.ts'
import { forms } from './testing/forms.ts'

describeFused([...(await forms({ heavy: false })), ...(await forms({ heavy: true }))])
