// Attributes and the global heap: "HDF5 File Format Specification", IV.A.2.m and III.E
import { badFile } from '../../error.ts'
import { toFloat32, valuesOf } from '../decode.ts'
import type { Cursor } from './cursor.ts'
import type { Message } from './header.ts'
import type { Structures } from './structures.ts'
import { type Hdf5Type, readShape, readType, unsupported } from './types.ts'

/** What an attribute holds: one value, or a list (of whatever shape). */
export type AttributeValue = string | number | readonly string[] | readonly number[]

/** Long strings are kept together in blocks; several refer to one block. */
export type Heap = Map<number, Promise<ReadonlyMap<number, Uint8Array>>>

/** A model's configuration, the longest of attributes, has 3 MB for NASNet-large. */
const mostText = 64 * 2 ** 20

/** An attribute, not read yet. */
export interface Attribute {
  readonly type: Uint8Array<ArrayBuffer>
  readonly shape: Uint8Array<ArrayBuffer>
  /** Stands at the value. */
  readonly rest: Uint8Array<ArrayBuffer>
  readonly body: Cursor
}

/** The attributes in an object's header, by name. */
export function attributesOf(file: Structures, messages: readonly Message[]): ReadonlyMap<string, Attribute> {
  const found = new Map<string, Attribute>()
  for (const { type, body } of messages) {
    if (type === 0x15) refuseDense(file, body())
    if (type !== 0x0c) continue
    const { name, attribute } = readPrefix(body())
    if (found.has(name)) throw badFile(file.source, `has an object with two attributes "${name}"`)
    found.set(name, attribute)
  }
  return found
}

function readPrefix(body: Cursor): { readonly name: string; readonly attribute: Attribute } {
  const version = body.u8()
  const flags = body.u8()
  if (version < 1 || version > 3 || (version > 1 && flags & 3)) throw body.bad(`is of version ${version}`)
  const sizes = [body.u16(), body.u16(), body.u16()]
  if (version === 3) body.skip(1)
  const [name, type, shape] = sizes.map((size) => {
    const part = body.bytes(size)
    if (version === 1) body.align()
    return part
  }) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]
  return { name: body.over(name).text(name.length), attribute: { type, shape, rest: body.bytes(body.left), body } }
}

/** An attribute's value. */
export async function readAttribute(
  file: Structures,
  { type, shape, rest, body }: Attribute,
  name: string,
  heap: Heap,
): Promise<AttributeValue> {
  const of = readType(body.over(type))
  const sides = readShape(body.over(shape))
  const count = sides === undefined ? 0 : valuesOf(sides)
  const data = body.over(rest)
  if (count * of.bytes > data.left) throw data.bad(`is the attribute "${name}" of ${count} values, but is too short`)
  const values = await listOf(file, of, count, data, heap, name)
  return sides?.length === 0 ? (values[0] as string | number) : values
}

async function listOf(
  file: Structures,
  type: Hdf5Type,
  count: number,
  data: Cursor,
  heap: Heap,
  name: string,
): Promise<string[] | number[]> {
  switch (type.kind) {
    case 'string':
      return Array.from({ length: type.bytes === 0 ? 0 : count }, () => data.text(type.bytes).trimEnd())
    case 'long string': {
      const texts: string[] = []
      let total = 0
      for (let i = 0; i < count; i++) {
        const text = await longString(file, data, heap)
        total += text.length
        if (total > mostText) throw data.bad(`is the attribute "${name}" with more than ${mostText} letters`)
        texts.push(text)
      }
      return texts
    }
    case 'number':
      if (type.bigEndian) throw unsupported(file.source, `the attribute "${name}" in big-endian numbers`)
      return [...toFloat32(data.bytes(count * type.bytes).slice(), type.dtype)]
    default:
      throw unsupported(file.source, `the attribute "${name}" of type ${type.kind === 'other' ? type.what : type.kind}`)
  }
}

async function longString(file: Structures, data: Cursor, heap: Heap): Promise<string> {
  const length = data.u32()
  const address = data.address()
  const index = data.u32()
  if (length === 0 || address === undefined) return ''
  let block = heap.get(address)
  if (block === undefined) {
    block = readHeapBlock(file, address)
    heap.set(address, block)
  }
  const bytes = (await block).get(index)
  if (bytes === undefined || bytes.length < length)
    throw data.bad(`refers to a text ${index} at ${address} that is not there`)
  return utf8.decode(bytes.subarray(0, length)).replace(/\0+$/, '')
}

async function readHeapBlock(file: Structures, address: number): Promise<ReadonlyMap<number, Uint8Array>> {
  const head = await file.at(address, 16, 'a block of texts')
  head.magic('GCOL')
  if (head.u8() !== 1) throw head.bad('is of an unknown version')
  head.skip(3)
  const block = await file.at(address, head.u64(), 'a block of texts')
  block.skip(16)
  const texts = new Map<number, Uint8Array>()
  while (block.left >= 16) {
    const index = block.u16()
    block.skip(6)
    const size = block.u64()
    if (index === 0) break
    texts.set(index, block.bytes(size))
    block.align()
  }
  return texts
}

function refuseDense(file: Structures, info: Cursor): void {
  info.skip(1)
  const flags = info.u8()
  if (flags & 1) info.skip(2)
  if (info.address() !== undefined)
    throw unsupported(file.source, 'an object with many attributes in a heap (libver "latest")')
}

const utf8 = new TextDecoder()
