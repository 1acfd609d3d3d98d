// Object headers: "HDF5 File Format Specification", IV.A.1, https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
import { badFile, weightsError } from '../../error.ts'
import { checkedLookup3 } from './checksum.ts'
import { Cursor } from './cursor.ts'
import type { Structures } from './structures.ts'

/** One of the messages that make up an object. */
export interface Message {
  /** 0x01 dataspace, 0x03 datatype, 0x08 layout, 0x0b filters, 0x0c attribute, 0x11 symbol table, ... */
  readonly type: number
  /** A fresh cursor over its content. Errors: `UNSUPPORTED` where the content is kept elsewhere (shared). */
  body(): Cursor
}

/** The messages of the object at an address. */
export async function readHeader(file: Structures, address: number): Promise<Message[]> {
  const first = await file.at(address, 1, 'an object header')
  const messages = first.u8() === 1 ? await readVersion1(file, address) : await readVersion2(file, address)
  return messages.filter(({ type }) => type !== 0)
}

async function readVersion1(file: Structures, address: number): Promise<Message[]> {
  const prefix = await file.at(address, 12, 'an object header')
  prefix.skip(2)
  const expected = prefix.u16()
  prefix.skip(4)
  const messages = await readBlocks(file, { position: address + 16, length: prefix.u32() }, (block) => {
    const found: Message[] = []
    while (block.left >= 8) {
      const type = block.u16()
      const length = block.u16()
      const flags = block.u8()
      block.skip(3)
      found.push(messageOf(file, type, flags, block.bytes(length)))
    }
    return found
  })
  if (messages.length === expected) return messages
  throw badFile(file.source, `has an object of ${messages.length} messages at ${address} that should have ${expected}`)
}

async function readVersion2(file: Structures, address: number): Promise<Message[]> {
  const prefix = await file.at(address, 6, 'an object header')
  prefix.magic('OHDR')
  if (prefix.u8() !== 2) throw prefix.bad('is of an unknown version')
  const flags = prefix.u8()
  const sizeAt = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0)
  const sizeBytes = 1 << (flags & 3)
  const size = (await file.at(address + sizeAt, sizeBytes, 'an object header')).uint(sizeBytes)
  const start = sizeAt + sizeBytes
  return readBlocks(file, { position: address, length: start + size + 4 }, (block, isFirst) => {
    const content = new Cursor(checkedLookup3(block), file.source, 'an object header')
    if (!isFirst) content.magic('OCHK')
    else content.skip(start)
    const found: Message[] = []
    while (content.left >= 4) {
      const type = content.u8()
      const length = content.u16()
      const messageFlags = content.u8()
      if (flags & 4) content.skip(2)
      found.push(messageOf(file, type, messageFlags, content.bytes(length)))
    }
    return found
  })
}

interface Block {
  readonly position: number
  readonly length: number
}

/** The messages of a header's first block, and of those that its continuation messages (0x10) lead to. */
async function readBlocks(
  file: Structures,
  first: Block,
  parse: (block: Cursor, isFirst: boolean) => Message[],
): Promise<Message[]> {
  const messages: Message[] = []
  const blocks = [first]
  const seen = new Set<number>()
  for (const block of blocks) {
    if (seen.has(block.position)) {
      throw badFile(file.source, `has an object header that leads back to itself at ${block.position}`)
    }
    seen.add(block.position)
    const found = parse(await file.at(block.position, block.length, 'an object header'), block === first)
    messages.push(...found)
    for (const { type, body } of found) {
      if (type !== 0x10) continue
      const next = body()
      blocks.push({ position: next.u64(), length: next.u64() })
    }
  }
  return messages
}

const messageOf = (file: Structures, type: number, flags: number, bytes: Uint8Array<ArrayBuffer>): Message => ({
  type,
  body() {
    if (flags & 2) {
      throw weightsError(
        'UNSUPPORTED',
        `${file.source} has an object that shares part of its description (message ${type}). Write it anew with h5py or Keras.`,
      )
    }
    return new Cursor(bytes, file.source, `a message (${type})`)
  },
})
