import '@tensorflow/tfjs-backend-cpu'
import { describeOriginals } from '../testing/describe-originals.ts'

describeOriginals('slow')
