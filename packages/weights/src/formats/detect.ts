import { isCnnkitError } from '@cnnkit/errors'
import { weightsError } from '../error.ts'
import type { ByteFile, Location } from '../files/byte-file.ts'
import type { WeightFile, WeightFormat } from '../weight-file.ts'

const readers: Readonly<Record<WeightFormat, (location: Location, source: string) => Promise<WeightFile>>> = {
  tfjs: async (location, source) => (await import('./tfjs.ts')).openTfjs(location, source),
  safetensors: async (location, source) => (await import('./safetensors.ts')).openSafetensors(location, source),
  torch: async (location, source) => (await import('./torch.ts')).openTorch(location, source),
  onnx: async (location, source) => (await import('./onnx.ts')).openOnnx(location, source),
  'keras-h5': async (location, source) => (await import('./keras-h5.ts')).openKerasH5(location, source),
  'keras-v3': async (location, source) => (await import('./keras-archive.ts')).openKerasArchive(location, source),
}

/** What files that are not read begin with, and what to do about them. */
const strangers: readonly (readonly [magic: string, what: string, remedy: string])[] = [
  ['PK\x03\x04', 'a zip file without weights in it', 'unpack it and name the weight file'],
  ['\x1f\x8b', 'a gzip file', 'unpack it first'],
  [
    'version https://git-lfs',
    'a pointer of Git LFS',
    'fetch the file itself (on GitHub from media.githubusercontent.com)',
  ],
  ['<', 'a web page or XML', 'check the address: many servers answer with a page when they do not have the file'],
]

/** Opens a weight file with the reader of its format, found by its first bytes. Errors: `UNKNOWN_FORMAT` and the reader's. */
export async function openByFormat(location: Location, source: string): Promise<WeightFile> {
  const file = await location.folder.open(location.path)
  const head = new Uint8Array(Math.min(64, file.size))
  await file.readInto(head, 0)
  try {
    const format = await formatOf(head, file)
    if (format !== undefined) return await readers[format](location, source)
  } catch (error) {
    if (isCnnkitError(error, 'BAD_FILE')) await location.folder.discard?.([location.path])
    throw error
  }
  const text = String.fromCharCode(...head).trimStart()
  const stranger = strangers.find(([magic]) => text.startsWith(magic))
  const what = stranger ? `${stranger[1]}: ${stranger[2]}` : `of unknown kind (${file.size} bytes)`
  throw weightsError(
    'UNKNOWN_FORMAT',
    `${source} is ${what}. Read are tfjs models (model.json with its shards), Keras files (.h5, .keras), safetensors, PyTorch checkpoints and ONNX.`,
  )
}

/** What may follow the version in an ONNX file. */
const onnxKeys = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]

async function formatOf(head: Uint8Array, file: ByteFile): Promise<WeightFormat | undefined> {
  const text = String.fromCharCode(...head)
  // First: the length of its header may begin like any other file.
  if (/^.{4}\0{4}\{/s.test(text)) return 'safetensors'
  if (text.startsWith('PK\x03\x04')) return zipFormat(file)
  if (text.startsWith('\x89HDF')) return 'keras-h5'
  if (head[0] === 0x80) return 'torch'
  // ir_version, a small number, and then the producer's name, the graph or the opset
  const [key, version = 0, next = 0] = head
  if (key === 0x08 && version > 0 && version < 64 && onnxKeys.includes(next)) return 'onnx'
  return new TextDecoder().decode(head).trimStart().startsWith('{') ? 'tfjs' : undefined
}

async function zipFormat(file: ByteFile): Promise<WeightFormat | undefined> {
  const { openZip } = await import('./zip.ts')
  const zip = await openZip(file)
  if (zip.entries.has('model.weights.h5')) return 'keras-v3'
  const { torchRoot } = await import('./torch-zip.ts')
  return torchRoot(zip) === undefined ? undefined : 'torch'
}
