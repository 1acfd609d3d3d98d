// What `torch.save` wrote before 1.6: four pickles (magic number, protocol, facts of the machine, the value), a fifth with the
// storages' keys, then each storage: how many values it has, and their bytes.
// https://github.com/pytorch/pytorch/blob/v2.9.1/torch/serialization.py, `_legacy_save`
import { badFile } from '../error.ts'
import type { ByteFile } from '../files/byte-file.ts'
import { unpickle } from './pickle.ts'
import { pickleLimit, type TorchContent } from './torch-content.ts'
import { torchWorld } from './torch-pickle.ts'
import { elementBytes, type TorchStorage } from './torch-tensor.ts'

const magic = 0x1950a86a20f9469cfc6cn

/** Reads the pickles of a file and finds its storages. Errors: `BAD_FILE`, `UNSAFE_PICKLE`. */
export async function readLegacy(file: ByteFile, source: string): Promise<TorchContent> {
  const { values, storages, end } = await readPickles(file, source)
  const [found, version, machine, value, keys] = values
  if (found !== magic || version !== 1001) throw badFile(source, 'is a pickle, but not one that torch.save has written')
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw badFile(source, 'was written on a big-endian machine, or does not say')
  }
  const starts = await findStorages(file, { keys, storages, end }, source)
  return {
    form: 'legacy',
    value,
    async place({ key }) {
      return { file, start: starts.get(key) as number }
    },
  }
}

interface Pickles {
  readonly values: readonly unknown[]
  readonly storages: ReadonlyMap<string, TorchStorage>
  readonly end: number
}

/** Where the pickles end is not known before: as much is read as they need. */
async function readPickles(file: ByteFile, source: string): Promise<Pickles> {
  for (let size = 128 * 1024; ; size *= 4) {
    const bytes = new Uint8Array(Math.min(size, pickleLimit, file.size))
    await file.readInto(bytes, 0)
    const pickles = unpickleAll(bytes, source)
    if (pickles !== undefined) return pickles
    if (bytes.length === file.size) throw badFile(source, 'ends inside of its pickles')
    if (bytes.length === pickleLimit) throw badFile(source, `has pickles of more than ${pickleLimit} bytes`)
  }
}

function unpickleAll(bytes: Uint8Array, source: string): Pickles | undefined {
  const world = torchWorld(source)
  const values: unknown[] = []
  let end = 0
  while (values.length < 5) {
    const result = unpickle(bytes, end, world, source)
    if (result === undefined) return undefined
    values.push(result.value)
    end = result.end
  }
  return { values, storages: world.storages, end }
}

async function findStorages(
  file: ByteFile,
  { keys, storages, end }: { keys: unknown; storages: Pickles['storages']; end: number },
  source: string,
): Promise<ReadonlyMap<string, number>> {
  if (!Array.isArray(keys) || new Set(keys).size !== keys.length || keys.length !== storages.size) {
    throw badFile(source, `has ${storages.size} storages in its pickle, and another list of them behind it`)
  }
  const starts = new Map<string, number>()
  const count = new DataView(new ArrayBuffer(8))
  let position = end
  for (const key of keys) {
    const storage = storages.get(key)
    const width = storage && elementBytes(storage)
    if (storage === undefined || width === undefined) throw badFile(source, `has a storage of unknown kind`)
    await file.readInto(new Uint8Array(count.buffer), position)
    const elements = count.getBigInt64(0, true)
    if (elements !== BigInt(storage.elements)) {
      throw badFile(source, `has ${elements} values in the storage "${storage.key}", expected ${storage.elements}`)
    }
    starts.set(storage.key, position + 8)
    position += 8 + storage.elements * width
  }
  if (position !== file.size) throw badFile(source, `has ${file.size} bytes, expected ${position}`)
  return starts
}
