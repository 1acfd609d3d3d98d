import { weightsError } from '../error.ts'
import type { Location } from '../files/byte-file.ts'
import type { WeightFile, WeightFormat } from '../weight-file.ts'

const readers: Readonly<Record<WeightFormat, (location: Location, source: string) => Promise<WeightFile>>> = {
  tfjs: async (location, source) => (await import('./tfjs.ts')).openTfjs(location, source),
}

/** What files that are not read begin with, and what to do about them. */
const strangers: readonly (readonly [magic: string, what: string, remedy: string])[] = [
  ['\x89HDF', 'an HDF5 file (Keras .h5)', 'convert it with tensorflowjs_converter'],
  ['PK\x03\x04', 'a zip file (.keras or PyTorch)', 'convert it to a tfjs layers model'],
  ['\x80', 'a Python pickle (old PyTorch)', 'convert it to a tfjs layers model'],
  ['\x1f\x8b', 'a gzip file', 'unpack it first'],
  ['<', 'a web page or XML', 'check the address: many servers answer with a page when they do not have the file'],
]

/** Opens a weight file with the reader of its format, found by its first bytes. Errors: `UNKNOWN_FORMAT` and the reader's. */
export async function openByFormat(location: Location, source: string): Promise<WeightFile> {
  const file = await location.folder.open(location.path)
  const head = new Uint8Array(Math.min(64, file.size))
  await file.readInto(head, 0)
  const format = formatOf(head)
  if (format !== undefined) return readers[format](location, source)
  await location.folder.discard?.([location.path])
  const text = String.fromCharCode(...head).trimStart()
  const stranger = strangers.find(([magic]) => text.startsWith(magic))
  const what = stranger ? `${stranger[1]}: ${stranger[2]}` : `of unknown kind (${file.size} bytes)`
  throw weightsError('UNKNOWN_FORMAT', `${source} is ${what}. Read are tfjs models (model.json with its shards).`)
}

function formatOf(head: Uint8Array): WeightFormat | undefined {
  const text = new TextDecoder().decode(head).trimStart()
  return text.startsWith('{') ? 'tfjs' : undefined
}
