// HDF5 files: "HDF5 File Format Specification", https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
// What Keras and h5py write unless told otherwise; values are read where they lie. The HDF5 library itself, as WebAssembly
// (h5wasm 0.10), was tried: damaged files make it hang or trap (in half of the runs over 300 of them) and spoil it for the
// next ones, it adds 990 kB gzipped to a page, and in a page it needs the whole file in memory.
import { badFile } from '../../error.ts'
import type { ByteFile } from '../../files/byte-file.ts'
import { type Attribute, type AttributeValue, attributesOf, type Heap, readAttribute } from './attributes.ts'
import { checkedLookup3 } from './checksum.ts'
import type { Cursor } from './cursor.ts'
import { type Message, readHeader } from './header.ts'
import { type Dataset, readDataset } from './layout.ts'
import { type Links, readLinks } from './links.ts'
import { type Structures, structuresOf } from './structures.ts'
import { unsupported } from './types.ts'

/** A group or a dataset. */
export interface Hdf5Object {
  /** `/model_weights/conv1`. */
  readonly path: string
  /** Where it lies in the file: what tells objects apart. */
  readonly address: number
  /** An attribute's value; undefined where there is none of that name. */
  attribute(name: string): Promise<AttributeValue | undefined>
  /** The members' names in the order in which they were added; undefined where this is no group. */
  names(): Promise<readonly string[] | undefined>
  /** The object at a path below this group; undefined where there is none. Errors: `UNSUPPORTED` for links by path or to other files. */
  child(path: string): Promise<Hdf5Object | undefined>
  /** Type, shape and place of the values; undefined where this is no dataset. */
  dataset(): Promise<Dataset | undefined>
}

/** An HDF5 file and its root group. */
export interface Hdf5File {
  readonly structures: Structures
  readonly root: Hdf5Object
}

/** Opens an HDF5 file: reads where its root is, and nothing else yet. Errors: `BAD_FILE`, `UNSUPPORTED`. */
export async function openHdf5(file: ByteFile, source: string): Promise<Hdf5File> {
  const structures = structuresOf(file, source)
  const root = await rootAddress(structures)
  return { structures, root: objectsOf(structures)(root, '') }
}

/** Superblock: the specification's II.A. */
async function rootAddress(file: Structures): Promise<number> {
  const head = await file.at(0, 16, 'a superblock')
  head.magic('\x89HDF\r\n\x1a\n')
  const version = head.u8()
  if (version > 3) throw head.bad(`is of version ${version}`)
  if (version < 2) head.skip(4)
  const [offsets, lengths] = [head.u8(), head.u8()]
  if (offsets !== 8 || lengths !== 8) {
    throw unsupported(file.source, `places of ${offsets} and sizes of ${lengths} bytes`)
  }
  const fields = version < 2 ? await file.at(version === 0 ? 24 : 28, 56, 'a superblock') : await newerFields(file)
  const base = fields.u64()
  fields.address()
  const end = fields.u64()
  // The older form has a driver's address and the root's name before the root's address.
  if (version < 2) fields.skip(16)
  if (base !== 0) throw unsupported(file.source, `a base address of ${base}`)
  if (end > file.file.size) throw badFile(file.source, `should have ${end} bytes, but has ${file.file.size}`)
  return fields.u64()
}

async function newerFields(file: Structures): Promise<Cursor> {
  const block = await file.at(0, 48, 'a superblock')
  const fields = block.over(checkedLookup3(block))
  fields.skip(12)
  return fields
}

function objectsOf(file: Structures): (address: number, path: string) => Hdf5Object {
  const heap: Heap = new Map()
  const headers = new Map<number, Promise<Message[]>>()
  const groups = new Map<number, Promise<Links | undefined>>()
  const attributes = new Map<number, Promise<ReadonlyMap<string, Attribute>>>()
  const once = <T>(kept: Map<number, Promise<T>>, address: number, read: () => Promise<T>): Promise<T> => {
    const known = kept.get(address)
    if (known !== undefined) return known
    const promise = read()
    kept.set(address, promise)
    return promise
  }
  const header = (address: number): Promise<Message[]> => once(headers, address, () => readHeader(file, address))
  const links = (address: number): Promise<Links | undefined> =>
    once(groups, address, async () => readLinks(file, await header(address)))

  const object = (address: number, path: string): Hdf5Object => ({
    path: path || '/',
    address,
    async attribute(name) {
      const known = once(attributes, address, async () => attributesOf(file, await header(address)))
      const found = (await known).get(name)
      return found && readAttribute(file, found, name, heap)
    },
    names: async () => {
      const members = await links(address)
      return members && [...members.keys()]
    },
    async child(below) {
      let at = address
      for (const name of below.split('/')) {
        const next = (await links(at))?.get(name)
        if (next === undefined) return undefined
        if (next === 'elsewhere')
          throw unsupported(file.source, `"${path}/${below}" as a link by path or to another file`)
        at = next
      }
      return object(at, `${path}/${below}`)
    },
    dataset: async () => readDataset(file, await header(address), path),
  })
  return object
}
