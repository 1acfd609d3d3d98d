// Zip files, read in place: the directory when they are opened, an entry's bytes when they are asked for.
import { isCnnkitError } from '@cnnkit/errors'
import { type Reader, unzipRaw, type ZipEntry as ZipRecord } from 'unzipit'
import { badFile, reasonOf, weightsError } from '../error.ts'
import { type ByteFile, endsTooEarly, memoryFile } from '../files/byte-file.ts'
import { safePath } from '../files/safe-path.ts'
import { placesOf } from './zip-places.ts'

/** A file in a zip file. */
export interface ZipEntry {
  /** Its path in the zip file: inside its folder, without `..`. */
  readonly name: string
  /** Bytes that it has when it is unpacked. */
  readonly size: number
  /** Whether it is deflated. If not, any part of it can be read where it lies. */
  readonly compressed: boolean
  /**
   * Its bytes. What is stored stays in the zip file until it is read; what is deflated is unpacked into memory, at most
   * `limit` bytes (64 MiB unless said). Errors: `TOO_LARGE`, `BAD_FILE`.
   */
  open(limit?: number): Promise<ByteFile>
}

/** What a zip file holds. */
export interface ZipFolder {
  /** For messages: the zip file's. */
  readonly name: string
  /** By path, in the order of the zip file's directory; without folders. */
  readonly entries: ReadonlyMap<string, ZipEntry>
}

/** A directory of 16 MiB has room for 200,000 files. */
const directoryLimit = 16 * 2 ** 20

/** Deflate makes at most 1032 bytes of one. */
const deflateRatio = 1032

/** Opens a zip file (zip64 too): its directory alone is read. Errors: `BAD_FILE`, `UNSAFE_PATH`. */
export async function openZip(file: ByteFile): Promise<ZipFolder> {
  const archive = archiveOf(file)
  const { entries: records } = await unzipRaw(archive.reader).catch((error) => {
    throw damaged(file, error)
  })
  const entries = new Map<string, ZipEntry>()
  let total = 0
  for (const record of records) {
    if (record.name.endsWith('/')) continue
    const name = safePath(record.name, file.name)
    if (entries.has(name)) throw badFile(file.name, `has two files named "${name}"`)
    total += record.compressedSize
    entries.set(name, entryOf(record, archive))
  }
  if (total > file.size) {
    throw badFile(file.name, `lists files of ${total} bytes in all, but has ${file.size}: some of them overlap`)
  }
  return { name: file.name, entries }
}

function entryOf(record: ZipRecord, archive: Archive): ZipEntry {
  const { name, size, compressedSize, compressionMethod, encrypted } = record
  const where = `${archive.file.name}, file "${name}",`
  const compressed = compressionMethod !== 0
  return {
    name,
    size,
    compressed,
    async open(limit = 64 * 2 ** 20) {
      if (encrypted) throw badFile(where, 'is encrypted')
      if (!compressed) return slice(archive.file, where, (await archive.find(record, () => record.blob())).start, size)
      if (size > limit) {
        throw weightsError('TOO_LARGE', `${where} has ${size} bytes when unpacked, more than the ${limit} allowed.`)
      }
      if (size > compressedSize * deflateRatio)
        throw badFile(where, `claims to unpack ${compressedSize} to ${size} bytes`)
      const { read } = await archive.find(record, () => record.arrayBuffer())
      return memoryFile(where, new Uint8Array(read))
    },
  }
}

/** A zip file, and where its entries have been found to lie. */
interface Archive {
  readonly file: ByteFile
  readonly reader: Reader
  /**
   * What `read` gives of an entry, and where its bytes begin. The header there must name the entry, which may not lie in
   * another's bytes. Errors: `BAD_FILE`.
   */
  find<T>(record: ZipRecord, read: () => Promise<T>): Promise<{ readonly start: number; readonly read: T }>
}

function archiveOf(file: ByteFile): Archive {
  // The library asks for an entry's header, then for its bytes: that tells where they lie.
  let asked: number[] = []
  const reader: Reader = {
    getLength: async () => file.size,
    async read(offset, size) {
      asked.push(offset)
      if (size > directoryLimit) throw badFile(file.name, `has a directory of ${size} bytes`)
      return readSome(file, offset, size)
    },
    async sliceAsBlob(offset) {
      asked.push(offset)
      return new Blob()
    },
  }
  const places = placesOf(file.name)
  let turn: Promise<unknown> = Promise.resolve()
  return {
    file,
    reader,
    find(record, read) {
      const found = turn.then(async () => {
        asked = []
        const result = await read().catch((error) => {
          throw damaged(file, error)
        })
        const [header = 0, start = header] = asked
        await checkName(file, header, record)
        places.add(header, start + record.compressedSize, record.name)
        return { start, read: result }
      })
      turn = found.catch(() => undefined)
      return found
    },
  }
}

/** The name in the entry's own header. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7 */
async function checkName(file: ByteFile, header: number, record: ZipRecord): Promise<void> {
  const expected = record.nameBytes
  const own = await readSome(file, header + 30, expected.length)
  if (own.some((byte, index) => byte !== expected[index])) {
    throw badFile(file.name, `has another file where "${record.name}" should be`)
  }
}

async function readSome(file: ByteFile, offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + size > file.size) {
    throw badFile(file.name, `points to bytes ${offset} to ${offset + size}, but has ${file.size}`)
  }
  const bytes = new Uint8Array(size)
  await file.readInto(bytes, offset)
  return bytes
}

/** A part of a file as a file of its own. */
function slice(file: ByteFile, name: string, start: number, size: number): ByteFile {
  return {
    name,
    size,
    async readInto(target, position) {
      if (position + target.byteLength > size) throw endsTooEarly(name, position, target, size)
      await file.readInto(target, start + position)
    },
  }
}

const damaged = (file: ByteFile, error: unknown): unknown =>
  isCnnkitError(error) ? error : badFile(file.name, `is a damaged zip file (${reasonOf(error)})`, error)
