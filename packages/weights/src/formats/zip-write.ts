import { Zip, ZipPassThrough } from 'fflate'
import { weightsError } from '../error.ts'

/** A file for a zip file. Its size must be known before its bytes are. */
export interface FileToZip {
  readonly name: string
  readonly size: number
  bytes(): Uint8Array | Promise<Uint8Array>
}

/** What a zip file can hold without the extensions of zip64. */
const sizeLimit = 2 ** 32 - 1
const countLimit = 2 ** 16 - 2

/**
 * A zip file of files that are stored as they are, in pieces. Each file's bytes begin at a multiple of 64, as PyTorch has
 * them, and its date is the beginning of 1980. Errors: `TOO_LARGE` from 4 GiB or 65,535 files on.
 */
export async function* storedZip(files: readonly FileToZip[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const size = files.reduce((sum, file) => sum + file.size + 2 * file.name.length + 256, 0)
  if (size > sizeLimit || files.length > countLimit) {
    throw weightsError(
      'TOO_LARGE',
      `A zip file cannot hold ${files.length} tensors of ${size} bytes in all: at most ${countLimit}, and 4 GiB. Write safetensors instead.`,
    )
  }
  let pieces: Uint8Array<ArrayBuffer>[] = []
  let written = 0
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error
    pieces.push(piece as Uint8Array<ArrayBuffer>)
    written += piece.byteLength
  })
  for (const { name, bytes } of files) {
    const content = await bytes()
    const file = new ZipPassThrough(name)
    file.mtime = new Date(1980, 0, 1)
    file.extra = padding(written + 30 + new TextEncoder().encode(name).length)
    zip.add(file)
    file.push(content, true)
    yield* pieces
    pieces = []
  }
  zip.end()
  yield* pieces
}

/** PyTorch's own extra field, "FB", of the length that fills up to the next multiple of 64. */
function padding(start: number): Record<number, Uint8Array> {
  return { 16966: new Uint8Array((64 - ((start + 4) % 64)) % 64).fill(0x5a) }
}
