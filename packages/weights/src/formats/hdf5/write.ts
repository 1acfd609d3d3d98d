// Writes HDF5 files of groups, attributes of texts, and datasets: "HDF5 File Format Specification", IV.A.1.a and IV.A.2
import type { TensorDtype } from '../../weight-file.ts'
import type { CheckedTensor } from '../tensor-to-write.ts'
import { Packer } from './packer.ts'

/** A group: attributes, and members by name. */
export interface GroupToWrite {
  readonly attributes: Map<string, string | readonly string[]>
  readonly members: Map<string, GroupToWrite | CheckedTensor>
}

/** An empty group. */
export const group = (): GroupToWrite => ({ attributes: new Map(), members: new Map() })

/** Datasets that can be written: those that all readers of HDF5 know. */
export const writable: ReadonlySet<TensorDtype> = new Set<TensorDtype>([
  ...(['float32', 'float16', 'float64', 'int8', 'uint8', 'int16', 'uint16'] as const),
  ...(['int32', 'uint32', 'int64', 'uint64'] as const),
])

/** The file that has `root` as its root group: all headers first, then the values, tensor by tensor. */
export async function* hdf5Bytes(root: GroupToWrite): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const nodes = [...nodesOf(root)]
  const addresses = new Map<Node, number>()
  const places = new Map<CheckedTensor, number>()
  const lookUp: LookUp = { header: (node) => addresses.get(node) ?? 0, values: (tensor) => places.get(tensor) ?? 0 }
  let end = superblockBytes
  for (const node of nodes) {
    addresses.set(node, end)
    end += headerOf(node, lookUp).length
  }
  const tensors = nodes.filter(isTensor)
  for (const tensor of tensors) {
    places.set(tensor, end)
    end += padded(tensor.byteLength)
  }
  yield superblock(end, superblockBytes)
  for (const node of nodes) yield headerOf(node, lookUp)
  for (const tensor of tensors) {
    yield await tensor.bytes()
    yield new Uint8Array(padded(tensor.byteLength) - tensor.byteLength)
  }
}

type Node = GroupToWrite | CheckedTensor
interface LookUp {
  header(node: Node): number
  values(tensor: CheckedTensor): number
}

const isTensor = (node: Node): node is CheckedTensor => 'dtype' in node
const padded = (length: number): number => Math.ceil(length / 8) * 8

function* nodesOf(node: Node): Generator<Node> {
  yield node
  if (!isTensor(node)) for (const member of node.members.values()) yield* nodesOf(member)
}

const superblockBytes = 96

/** Version 0; the root's symbol table entry, which is all that is left of symbol tables here, ends it. */
function superblock(fileEnd: number, root: number): Uint8Array<ArrayBuffer> {
  const block = new Packer().bytes(Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10]))
  block.u8(0, 0, 0, 0, 0, 8, 8, 0).u16(4, 16).u32(0)
  block.u64(0).none().u64(fileEnd).none()
  return block.u64(0, root).u32(0, 0).u64(0, 0).done()
}

/** An object header of version 1. */
function headerOf(node: Node, lookUp: LookUp): Uint8Array<ArrayBuffer> {
  const messages = isTensor(node) ? datasetMessages(node, lookUp) : groupMessages(node, lookUp)
  const body = new Packer()
  for (const [type, content] of messages) {
    const length = padded(content.length)
    body.u16(type, length).u8(0, 0, 0, 0).bytes(content).align()
  }
  const bytes = body.done()
  return new Packer().u8(1, 0).u16(messages.length).u32(1, bytes.length, 0).bytes(bytes).done()
}

type Message = readonly [type: number, content: Uint8Array]

function datasetMessages(tensor: CheckedTensor, lookUp: LookUp): Message[] {
  const { byteLength } = tensor
  const layout = new Packer().u8(3, 1)
  if (byteLength === 0) layout.none().u64(0)
  else layout.u64(lookUp.values(tensor), byteLength)
  return [
    [0x01, spaceOf(tensor.shape)],
    [0x03, typeOf(tensor.dtype)],
    // Fill value: space taken early, none defined
    [0x05, Uint8Array.from([2, 1, 2, 0])],
    [0x08, layout.done()],
  ]
}

/** Members are links in the group's own header, in order. */
function groupMessages({ attributes, members }: GroupToWrite, lookUp: LookUp): Message[] {
  const links = [...members].map(([name, member]): Message => {
    const text = encoder.encode(name)
    return [0x06, new Packer().u8(1, 1).u16(text.length).bytes(text).u64(lookUp.header(member)).done()]
  })
  const texts = [...attributes].map(([name, value]): Message => [0x0c, attributeOf(name, value)])
  return [[0x02, new Packer().u8(0, 0).none().none().done()], [0x0a, Uint8Array.from([0, 0])], ...texts, ...links]
}

function attributeOf(name: string, value: string | readonly string[]): Uint8Array {
  const texts = (typeof value === 'string' ? [value] : value).map((text) => encoder.encode(text))
  const width = texts.reduce((widest, { length }) => Math.max(widest, length), 1)
  const label = encoder.encode(`${name}\0`)
  const type = new Packer().u8(0x13, 0x11, 0, 0).u32(width).done()
  const space = spaceOf(typeof value === 'string' ? [] : [value.length])
  const attribute = new Packer().u8(1, 0).u16(label.length, type.length, space.length)
  for (const part of [label, type, space]) attribute.bytes(part).align()
  for (const text of texts) attribute.bytes(text).bytes(new Uint8Array(width - text.length))
  return attribute.done()
}

const spaceOf = (shape: readonly number[]): Uint8Array =>
  new Packer()
    .u8(1, shape.length, 0, 0, 0, 0, 0, 0)
    .u64(...shape)
    .done()

/** Sign, precision, places and sizes of exponent and mantissa, bias. */
const floats: Readonly<Record<string, readonly [number, number, number, number, number, number, number]>> = {
  float16: [15, 16, 10, 5, 0, 10, 15],
  float32: [31, 32, 23, 8, 0, 23, 127],
  float64: [63, 64, 52, 11, 0, 52, 1023],
}

function typeOf(dtype: TensorDtype): Uint8Array {
  const float = floats[dtype]
  if (float !== undefined) {
    const [sign, bits, ...places] = float
    const bias = places.pop() as number
    return new Packer()
      .u8(0x11, 0x20, sign, 0)
      .u32(bits / 8)
      .u16(0, bits)
      .u8(...places)
      .u32(bias)
      .done()
  }
  const bits = Number(/\d+$/.exec(dtype)?.[0])
  return new Packer()
    .u8(0x10, dtype.startsWith('u') ? 0 : 8, 0, 0)
    .u32(bits / 8)
    .u16(0, bits)
    .done()
}

const encoder = new TextEncoder()
