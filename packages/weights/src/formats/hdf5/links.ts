// Groups: "HDF5 File Format Specification", III.A.1 (B-trees), III.B (symbol tables), III.D (local heaps), IV.A.2.g (links)
import type { Cursor } from './cursor.ts'
import type { Message } from './header.ts'
import type { Structures } from './structures.ts'
import { unsupported } from './types.ts'

/**
 * The members of a group by name, in the order in which they were added: their address, or `elsewhere` for links by path
 * or into other files, which are not followed.
 */
export type Links = ReadonlyMap<string, number | 'elsewhere'>

/** The members of the group that has these messages; undefined where it is no group. */
export async function readLinks(file: Structures, messages: readonly Message[]): Promise<Links | undefined> {
  const links = new Map<string, number | 'elsewhere'>()
  const add = (name: string, target: number | 'elsewhere', where: Cursor): void => {
    if (links.has(name)) throw where.bad(`has two members named "${name}"`)
    links.set(name, target)
  }
  let isGroup = false
  for (const { type, body } of messages) {
    if (type === 0x11) {
      isGroup = true
      const table = body()
      await readSymbolTable(file, table.u64(), table.u64(), add)
    } else if (type === 0x02) {
      isGroup = true
      refuseDense(file, body())
    } else if (type === 0x06) {
      isGroup = true
      readLink(body(), add)
    }
  }
  return isGroup ? links : undefined
}

type Add = (name: string, target: number | 'elsewhere', where: Cursor) => void

async function readSymbolTable(file: Structures, tree: number, heap: number, add: Add): Promise<void> {
  const heapHead = await file.at(heap, 32, "a group's names")
  heapHead.magic('HEAP')
  heapHead.skip(4)
  const size = heapHead.u64()
  heapHead.skip(8)
  const names = (await file.at(heapHead.u64(), size, "a group's names")).bytes(size)
  // Names are sorted in the tree. The heap has them in the order in which they came.
  const entries: { nameAt: number; target: number | 'elsewhere'; node: Cursor }[] = []
  for (const address of await leaves(file, tree, { type: 0, keyBytes: 8 })) {
    const head = await file.at(address, 8, 'a symbol table node')
    head.magic('SNOD')
    head.skip(2)
    const count = head.u16()
    const node = await file.at(address + 8, count * 40, 'a symbol table node')
    for (let i = 0; i < count; i++) {
      const nameAt = node.u64()
      const target = node.u64()
      const isLink = node.u32() === 2
      node.skip(20)
      if (nameAt >= names.length) throw node.bad(`has a name at ${nameAt} of ${names.length} bytes`)
      entries.push({ nameAt, target: isLink ? 'elsewhere' : target, node })
    }
  }
  for (const { nameAt, target, node } of entries.sort((a, b) => a.nameAt - b.nameAt)) {
    const end = names.indexOf(0, nameAt)
    add(utf8.decode(names.subarray(nameAt, end < 0 ? names.length : end)), target, node)
  }
}

/** What the leaves of a version 1 B-tree point to, with the key before each. Each node may be there once, each level below the one above. */
export async function leaves(
  file: Structures,
  root: number,
  of: { readonly type: number; readonly keyBytes: number; readonly eachKey?: (key: Cursor) => void },
): Promise<number[]> {
  const found: number[] = []
  const seen = new Set<number>()
  const visit = async (address: number, level: number | undefined): Promise<void> => {
    const head = await file.at(address, 24, 'a tree node')
    if (seen.has(address)) throw head.bad('is there twice')
    seen.add(address)
    head.magic('TREE')
    if (head.u8() !== of.type) throw head.bad('is of another kind of tree')
    const actual = head.u8()
    if (level !== undefined && actual !== level) throw head.bad(`is of level ${actual} instead of ${level}`)
    const count = head.u16()
    const node = await file.at(address + 24, count * (of.keyBytes + 8), 'a tree node')
    for (let i = 0; i < count; i++) {
      const key = node.over(node.bytes(of.keyBytes))
      const child = node.u64()
      if (actual > 0) await visit(child, actual - 1)
      else {
        of.eachKey?.(key)
        found.push(child)
      }
    }
  }
  await visit(root, undefined)
  return found
}

function readLink(link: Cursor, add: Add): void {
  if (link.u8() !== 1) throw link.bad('is a link of an unknown version')
  const flags = link.u8()
  const type = flags & 8 ? link.u8() : 0
  if (flags & 4) link.skip(8)
  if (flags & 16) link.skip(1)
  const name = link.text(link.uint(1 << (flags & 3)))
  add(name, type === 0 ? link.u64() : 'elsewhere', link)
}

function refuseDense(file: Structures, info: Cursor): void {
  info.skip(1)
  if (info.u8() & 1) info.skip(8)
  if (info.address() !== undefined)
    throw unsupported(file.source, 'a group whose members are in a heap (libver "latest")')
}

const utf8 = new TextDecoder()
