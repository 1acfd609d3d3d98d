import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../../index.node.ts'
import { joined } from '../../testing/joined.ts'
import { failure } from '../../testing/model.ts'
import { group, hdf5Bytes } from './write.ts'

const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../golden/${name}`, import.meta.url)))

/** A copy with some bytes replaced, the first time they are there from `from` on. */
function patched(
  bytes: Uint8Array,
  old: string | readonly number[],
  by: readonly number[],
  shift = 0,
  from = 0,
): Uint8Array {
  const copy = Buffer.from(bytes)
  const at = copy.indexOf(typeof old === 'string' ? Buffer.from(old) : Buffer.from(old), from)
  expect(at).toBeGreaterThan(-1)
  copy.set(by, at + shift)
  return new Uint8Array(copy)
}

const u64 = (value: number): number[] => [...new Uint8Array(BigUint64Array.of(BigInt(value)).buffer)]

/** Where the values 0, 1, 2, ... of a tensor begin. */
function placeOf(bytes: Uint8Array, ...values: number[]): number {
  return Buffer.from(bytes).indexOf(new Uint8Array(new Float32Array(values).buffer))
}

it('reads the newer form, with checksums, as h5py writes it with libver "latest"', async () => {
  const { tensors } = await openWeights(golden('hdf5-latest.h5'))
  expect(tensors.map(({ name, shape }) => [name, shape])).toEqual(
    [0, 1, 2, 3].map((index) => [`layer${index}/kernel`, [2, 3]]),
  )
  expect(await tensors[3]?.read()).toEqual(new Float32Array([3, 4, 5, 6, 7, 8]))
})

it('finds damage by the checksums of the newer form', async () => {
  const bytes = golden('hdf5-latest.h5')
  const { code, message } = await failure(openWeights(patched(bytes, 'layer3', [0x78], 1)))
  expect(code).toBe('BAD_FILE')
  expect(message).toMatch(/wrong checksum/)
})

describe('what is not read is refused with its name', () => {
  it.each([
    ['hdf5-latest-many.h5', 'UNSUPPORTED', /group whose members are in a heap/],
    ['hdf5-lzf.h5', 'UNSUPPORTED', /"\/layer0\/kernel:0" packed with filter 32000 \("lzf"\)/],
    ['hdf5-links.h5', 'UNSUPPORTED', /"\/passwords" as a link by path or to another file/],
    ['hdf5-values-elsewhere.h5', 'UNSUPPORTED', /"\/layer0\/kernel:0" with its values in other files/],
    ['hdf5-no-keras.h5', 'UNKNOWN_FORMAT', /not one with the weights of a Keras model/],
    ['hdf5-odd-types.h5', 'UNSUPPORTED', /"\/layer0\/pair" of type compound of 8 bytes/],
  ])('%s', async (name, code, message) => {
    const error = await failure(openWeights(golden(name)))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })
})

describe('a file that lies', () => {
  const old = golden('keras2.h5')
  const packed = golden('keras2-packed.h5')

  it('is cut anywhere', async () => {
    for (let length = 16; length < old.length; length += 997) {
      expect(await failure(openWeights(old.slice(0, length))), String(length)).toMatchObject({ code: 'BAD_FILE' })
    }
  })

  it('has a tensor in the bytes of another, or behind the end', async () => {
    const first = placeOf(old, 1, 1 + 1 / 64, 1 + 2 / 64, 1 + 3 / 64)
    const second = placeOf(old, 2, 2 + 1 / 64, 2 + 2 / 64, 2 + 3 / 64)
    expect(await failure(openWeights(patched(old, u64(second), u64(first + 8))))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/has ".+" in the bytes of ".+"/),
    })
    expect(await failure(openWeights(patched(old, u64(second), u64(2 ** 52))))).toMatchObject({ code: 'BAD_FILE' })
  })

  it('has a shape that its values cannot fill', async () => {
    const shape = [3, 3, 3, 4].flatMap(u64)
    for (const side of [5, 2 ** 31, 2 ** 52]) {
      expect(await failure(openWeights(patched(old, shape, u64(side))))).toMatchObject({ code: 'BAD_FILE' })
      expect((await failure(openWeights(patched(packed, shape, u64(side))))).code).toMatch(/BAD_FILE|TOO_LARGE/)
    }
  })

  it('has a filter that is not here', async () => {
    expect(await failure(openWeights(patched(packed, 'deflate', [0x01, 0x7d], -8)))).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/filter 32001/),
    })
  })

  it('has a group inside itself', async () => {
    const [root, layers, conv] = [group(), group(), group()]
    root.members.set('layers', layers)
    layers.members.set('conv2d', conv)
    conv.members.set('vars', group())
    const bytes = await joined(hdf5Bytes(root))
    // A link is a name and then an address; the root is at 96.
    const error = await failure(openWeights(patched(bytes, 'conv2d', u64(96), 6)))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(/inside itself or twice/)
  })

  it('has a tree whose node is its own child', async () => {
    const text = Buffer.from(old)
    const tree = text.indexOf('TREE')
    const deeper = patched(old, 'TREE', [1], 5)
    const cyclic = patched(deeper, [...text.subarray(tree + 32, tree + 40)], u64(tree), 0, tree)
    expect(await failure(openWeights(cyclic))).toMatchObject({ code: 'BAD_FILE' })
  })

  it('is opened after a hostile one as before', async () => {
    await failure(openWeights(old.slice(0, 5000)))
    expect((await openWeights(old)).tensors).toHaveLength(24)
  })
})
