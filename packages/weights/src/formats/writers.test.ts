import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import reference from '../golden/torch.json' with { type: 'json' }
import {
  openWeights,
  safetensorsBytes,
  type TensorDtype,
  type TensorToWrite,
  torchBytes,
  writeSafetensors,
  writeTorch,
} from '../index.node.ts'
import { factsOf } from '../testing/facts.ts'
import { failure, temporaryFolder } from '../testing/model.ts'

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))

/** The same numbers that reference/weights/torch_files.py computes: of many magnitudes, exact in float64. */
const formula = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (((i * 7919) % 4001) - 2000) * 2 ** ((i % 41) - 34))
const whole = (count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((i * 7919) % (high - low + 1)))

const dtypes: readonly (readonly [dtype: TensorDtype, values: number[]])[] = [
  ['float32', formula(300)],
  ['float16', formula(3000)],
  ['bfloat16', formula(300)],
  ['float64', formula(30)],
  ['int8', whole(30, -128, 127)],
  ['uint8', whole(30, 0, 255)],
  ['int16', whole(30, -32768, 32767)],
  ['uint16', whole(30, 0, 65535)],
  ['int32', whole(30, -(2 ** 23), 2 ** 23)],
  ['uint32', whole(30, 0, 2 ** 24)],
  ['int64', whole(30, -(2 ** 23), 2 ** 23)],
  ['uint64', whole(30, 0, 2 ** 24)],
  ['bool', whole(30, 0, 1)],
]
const tensors: readonly TensorToWrite[] = [
  ...dtypes.map(([dtype, values]) => ({
    name: `layer1.0.${dtype}`,
    shape: [3, values.length / 3],
    dtype,
    read: () => Float64Array.from(values),
  })),
  { name: 'größe.scalar', shape: [], read: () => new Float32Array([2.5]) },
  { name: 'empty', shape: [0, 4], read: async () => new Float32Array(0) },
]

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return new Uint8Array(Buffer.concat(all))
}

const one = (parts: Partial<TensorToWrite>): TensorToWrite[] => [
  { name: 'a', shape: [2], read: () => new Float32Array(2), ...parts },
]

describe('a safetensors file', () => {
  it('is byte for byte the one that the library writes', async () => {
    const written = await joined(safetensorsBytes(tensors, { metadata: { format: 'pt' } }))
    expect(Buffer.compare(written, await readFile(golden('written.safetensors')))).toBe(0)
  })
})

describe('a PyTorch checkpoint', () => {
  it('is the one that torch.load(weights_only=True) has read all of (UPDATE_GOLDEN=1 writes it, then run reference/weights/torch_files.py)', async () => {
    const written = await joined(torchBytes(tensors))
    if (process.env.UPDATE_GOLDEN) await writeFile(golden('written.pth'), written)
    expect(createHash('sha256').update(written).digest('hex')).toBe(reference.written)
  })

  it('has each tensor at a multiple of 64 bytes', async () => {
    const written = Buffer.from(await joined(torchBytes(tensors)))
    const start = written.indexOf(Buffer.from(new Float64Array(formula(30)).buffer))
    expect(start).toBeGreaterThan(0)
    expect(start % 64).toBe(0)
  })

  it('is refused where its zip file could not hold it', async () => {
    const huge = one({ shape: [2 ** 30] })
    expect((await failure(joined(torchBytes(huge)))).code).toBe('TOO_LARGE')
  })
})

describe.each([
  ['safetensors', writeSafetensors, safetensorsBytes],
  ['torch', writeTorch, torchBytes],
] as const)('written as %s', (format, write, bytesOf) => {
  it('tensors are read back as they were, rounded to their dtype', async () => {
    const path = join(await temporaryFolder(), 'deep/er/file')
    await write(path, tensors)
    const file = await openWeights(path)
    expect(file.format).toBe(format)
    const again = await openWeights(await joined(bytesOf(file.tensors)))
    expect(await factsOf(again)).toEqual(await factsOf(file))
    for (const [dtype, values] of dtypes.filter(([dtype]) => !/float(16|32)/.test(dtype))) {
      expect(await file.get(`layer1.0.${dtype}`)?.read(), dtype).toEqual(Float32Array.from(values))
    }
    expect(file.get('empty')?.shape).toEqual([0, 4])
    expect(await file.get('größe.scalar')?.read()).toEqual(new Float32Array([2.5]))
  })

  it('values are asked for one tensor at a time', async () => {
    const asked: string[] = []
    const lazy = ['a', 'b', 'c'].map((name) => ({
      name,
      shape: [1],
      read: () => {
        asked.push(name)
        return new Float32Array(1)
      },
    }))
    const pieces = bytesOf(lazy)
    while (asked.length === 0) await pieces.next()
    expect(asked).toEqual(['a'])
    for await (const _ of pieces);
    expect(asked).toEqual(['a', 'b', 'c'])
  })

  it.each<[string, TensorToWrite[]]>([
    ['is there twice', [...one({}), ...one({})]],
    ['has 2 values; its shape [3] says 3', one({ shape: [3] })],
    ['has the shape [-1]', one({ shape: [-1] })],
    ['has the shape [0.5]', one({ shape: [0.5] })],
    ['has the value 300, which is no uint8', one({ dtype: 'uint8', read: () => new Float32Array([0, 300]) })],
    ['has the value 0.5, which is no int32', one({ dtype: 'int32', read: () => new Float32Array([0, 0.5]) })],
    ['has the value NaN, which is no int64', one({ dtype: 'int64', read: () => new Float32Array([0, Number.NaN]) })],
    ['has the value -1, which is no uint64', one({ dtype: 'uint64', read: () => new Int32Array([0, -1]) })],
  ])('a tensor that %s is refused, and nothing is left', async (part, wrong) => {
    const folder = await temporaryFolder()
    const { code, message } = await failure(write(join(folder, 'x'), wrong))
    expect(code).toBe('BAD_TENSOR')
    expect(message).toContain(part)
    expect(await readdir(folder)).toEqual([])
  })

  it('a file stays as it was where the new one fails, and is not followed by an error of another kind', async () => {
    const path = join(await temporaryFolder(), 'x')
    await write(path, tensors)
    const before = await readFile(path)
    const breaks = one({ read: () => Promise.reject(new Error('the tensor is disposed')) })
    await expect(write(path, breaks)).rejects.toThrow('the tensor is disposed')
    expect(await readFile(path)).toEqual(before)
    await mkdir(`${path}.folder`)
    expect((await failure(write(`${path}.folder`, tensors))).code).toBe('WRITE_FAILED')
    expect((await failure(write(join(path, 'y'), tensors))).code).toBe('WRITE_FAILED')
    expect(existsSync(path)).toBe(true)
  })
})
