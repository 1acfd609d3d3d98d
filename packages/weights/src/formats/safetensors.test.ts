import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import reference from '../golden/torch.json' with { type: 'json' }
import { openWeights } from '../index.node.ts'
import { factsOf } from '../testing/facts.ts'
import { failure } from '../testing/model.ts'

const golden = fileURLToPath(new URL('../golden/numbers.safetensors', import.meta.url))

/** A file of a header, as text or as data, and so many bytes of values. */
function fileOf(header: unknown, size: number, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + size)
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const f32 = (shape: unknown, from: unknown, to: unknown) => ({ dtype: 'F32', shape, data_offsets: [from, to] })

describe('a file that the safetensors library has written', () => {
  it('has the tensors that it was given, of all dtypes', async () => {
    const file = await openWeights(golden)
    expect(file.format).toBe('safetensors')
    expect(file.metadata).toEqual({ format: 'pt', 'made by': 'reference "weights"' })
    expect(await factsOf(file)).toEqual(reference.files['numbers.safetensors'])
  })

  it('is read from a Blob, as a browser has it', async () => {
    const files = { 'model.safetensors': new Blob([await readFile(golden)]) }
    const file = await openWeights({ kind: 'files', files, path: 'model.safetensors' })
    expect(await factsOf(file)).toEqual(reference.files['numbers.safetensors'])
  })

  it.each([
    ['a pickle', 0x0280],
    ['ONNX', 0x0108],
    ['a page', 0x3c],
    ['JSON', 0x7b],
    ['gzip', 0x8b1f],
    ['zip', 0x4b50],
  ])('is known even where its first bytes are those of %s', async (_what, length) => {
    const header = JSON.stringify({ a: f32([1], 0, 4) }).padEnd(length)
    expect((await openWeights(fileOf(header, 4))).tensors).toHaveLength(1)
  })

  it('may be empty', async () => {
    expect((await openWeights(fileOf({}, 0))).tensors).toEqual([])
  })

  it('gives the caller an array of its own', async () => {
    const file = await openWeights(fileOf({ a: f32([2], 0, 8) }, 8))
    const first = (await file.get('a')?.read()) as Float32Array
    first.fill(9)
    expect(await file.get('a')?.read()).toEqual(new Float32Array(2))
  })
})

describe('a file that is not right', () => {
  it.each<[string, string, Uint8Array]>([
    ['TOO_LARGE', 'a header of 2147483648 bytes', fileOf({}, 0, 2n ** 31n)],
    ['BAD_FILE', 'a header of 3000000 bytes', fileOf({}, 0, 3_000_000n)],
    ['BAD_FILE', 'a header of 3 bytes', fileOf({}, 0, 3n)],
    ['BAD_FILE', 'not JSON', fileOf('{"a": ', 0)],
    ['BAD_FILE', 'not JSON', fileOf(`{"a": ${'['.repeat(100_000)}`, 0)],
    ['BAD_FILE', 'not JSON', fileOf('{}', 4, 6n)],
    ['BAD_FILE', '"__metadata__"', fileOf({ __metadata__: 3 }, 0)],
    ['BAD_FILE', 'the tensor "a"', fileOf({ a: [1] }, 0)],
    ['BAD_FILE', 'the shape [-1]', fileOf({ a: f32([-1], 0, 4) }, 4)],
    ['BAD_FILE', 'the shape [1.5]', fileOf({ a: f32([1.5], 0, 6) }, 6)],
    ['BAD_FILE', 'the shape "4"', fileOf({ a: f32('4', 0, 4) }, 4)],
    ['BAD_FILE', 'the shape', fileOf({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4)],
    ['BAD_FILE', 'the shape [9007199254740991]', fileOf({ a: f32([2 ** 53 - 1], 0, 4) }, 4)],
    ['BAD_FILE', 'the 8 bytes of "a" are at [0,4]', fileOf({ a: f32([2], 0, 4) }, 4)],
    ['BAD_FILE', 'are at [-4,0]', fileOf({ a: f32([1], -4, 0) }, 4)],
    ['BAD_FILE', 'are at [0.5,4.5]', fileOf({ a: f32([1], 0.5, 4.5) }, 5)],
    ['BAD_FILE', 'are at ["0",4]', fileOf({ a: f32([1], '0', 4) }, 4)],
    ['BAD_FILE', 'are at nothing', fileOf({ a: { dtype: 'F32', shape: [1] } }, 4)],
    ['BAD_FILE', 'another tensor lies', fileOf({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8)],
    ['BAD_FILE', 'a gap ends', fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)],
    ['BAD_FILE', '12 bytes of values; its header describes 8', fileOf({ a: f32([2], 0, 8) }, 12)],
    ['BAD_FILE', '4 bytes of values; its header describes 8', fileOf({ a: f32([2], 0, 8) }, 4)],
    [
      'BAD_FILE',
      'a gap ends',
      fileOf(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        8,
      ),
    ],
    ['UNKNOWN_DTYPE', '"F8_E4M3"', fileOf({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, 1)],
    ['UNKNOWN_DTYPE', '"constructor"', fileOf({ a: { dtype: 'constructor', shape: [1], data_offsets: [0, 1] } }, 1)],
  ])('%s: %s', async (code, part, bytes) => {
    const error = await failure(openWeights(bytes))
    expect(error.code).toBe(code)
    expect(error.message).toContain(part)
  })

  it('cannot be cut anywhere', async () => {
    const bytes = new Uint8Array(await readFile(golden))
    for (let size = 0; size < bytes.length; size += 3) {
      expect((await failure(openWeights(bytes.slice(0, size)))).code).toMatch(/^(BAD_FILE|UNKNOWN_FORMAT)$/)
    }
  })

  it('keeps names that mean something to JavaScript', async () => {
    const header =
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"U8","shape":[],"data_offsets":[4,5]}}'
    const file = await openWeights(fileOf(header, 5))
    expect(file.tensors.map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
    expect(file.get('toString')).toBeUndefined()
  })
})
