// What `torch.save` writes since 1.6: `<name>/data.pkl`, and each storage as `<name>/data/<key>`, in a zip file.
// https://github.com/pytorch/pytorch/blob/v2.9.1/torch/serialization.py, `_save`
import { badFile, weightsError } from '../error.ts'
import { type ByteFile, readAll } from '../files/byte-file.ts'
import { unpickle } from './pickle.ts'
import { pickleLimit, type TorchContent } from './torch-content.ts'
import { torchWorld } from './torch-pickle.ts'
import { elementBytes, type TorchStorage } from './torch-tensor.ts'
import { openZip, type ZipFolder } from './zip.ts'

/** The folder in a zip file that `torch.save` has written, with a slash at its end, or undefined. */
export function torchRoot({ entries }: ZipFolder): string | undefined {
  for (const name of entries.keys()) {
    const root = /^((?:[^/]+\/)?)data\.pkl$/.exec(name)?.[1]
    if (root !== undefined) return root
  }
  return undefined
}

/** torch.save does not deflate. Who has packed a file anew may have, and then each tensor is unpacked into memory. */
const deflatedLimit = 2 ** 30

/** Reads the pickle of a file and checks that its storages are there. Errors: `BAD_FILE`, `UNSAFE_PICKLE`, `UNKNOWN_FORMAT`. */
export async function readZip(file: ByteFile, source: string): Promise<TorchContent> {
  const zip = await openZip(file)
  const root = torchRoot(zip)
  const pickled = root === undefined ? undefined : zip.entries.get(`${root}data.pkl`)
  if (root === undefined || pickled === undefined) throw badFile(source, 'is a zip file without a data.pkl')
  if (zip.entries.has(`${root}constants.pkl`)) {
    throw weightsError(
      'UNKNOWN_FORMAT',
      `${source} is a TorchScript program. Save the weights: torch.save(torch.jit.load(path).state_dict(), path).`,
    )
  }
  await checkByteOrder(zip, root, source)
  const world = torchWorld(source)
  const bytes = await readAll(await pickled.open(pickleLimit), pickleLimit)
  const result = unpickle(bytes, 0, world, source)
  if (result === undefined || result.end !== bytes.length)
    throw badFile(source, 'has a data.pkl that does not end where it should')
  for (const storage of world.storages.values()) checkEntry(zip, root, storage, source)
  return {
    form: 'zip',
    value: result.value,
    async place({ key }) {
      const entry = zip.entries.get(`${root}data/${key}`)
      if (entry === undefined) throw badFile(source, `has no storage "${key}"`)
      return { file: await entry.open(entry.size), start: 0 }
    },
  }
}

async function checkByteOrder({ entries }: ZipFolder, root: string, source: string): Promise<void> {
  const entry = entries.get(`${root}byteorder`)
  if (entry === undefined) return
  const order = new TextDecoder().decode(await readAll(await entry.open(64), 64))
  if (order !== 'little') {
    throw weightsError(
      'UNKNOWN_FORMAT',
      `${source} has the byte order "${order}". Save it anew on a little-endian machine.`,
    )
  }
}

function checkEntry({ entries }: ZipFolder, root: string, storage: TorchStorage, source: string): void {
  const entry = entries.get(`${root}data/${storage.key}`)
  if (entry === undefined) throw badFile(source, `has no storage "${storage.key}"`)
  if (entry.compressed && entry.size > deflatedLimit) {
    throw weightsError(
      'TOO_LARGE',
      `${source} has a deflated storage of ${entry.size} bytes, more than the ${deflatedLimit} allowed. Save it anew with torch.save.`,
    )
  }
  const width = elementBytes(storage)
  if (width !== undefined && entry.size !== storage.elements * width) {
    throw badFile(
      source,
      `has ${entry.size} bytes in the storage "${storage.key}", expected ${storage.elements * width}`,
    )
  }
}
