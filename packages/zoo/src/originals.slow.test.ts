import { describeOriginals } from './testing/describe-originals.ts'
import { originals } from './testing/original.ts'

describeOriginals(originals().filter(({ slow }) => slow))
