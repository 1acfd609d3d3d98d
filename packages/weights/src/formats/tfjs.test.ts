import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { io } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { isCnnkitError } from '@cnnkit/errors'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { failure, floats, noise, shared, temporaryFolder, tiny } from '../testing/model.ts'

const genuine = shared('data/weights/mobilenet-v1-025-keras-manifest')

const model = (weights: object[], paths: string[] = ['w.bin']) =>
  JSON.stringify({ weightsManifest: [{ paths, weights }] })
const filesOf = (json: string, bytes: Record<string, Uint8Array>) =>
  ({ kind: 'files', files: { 'model.json': new TextEncoder().encode(json), ...bytes } }) as const
const tinyFiles = filesOf(JSON.stringify(tiny.json), { 'one.bin': tiny.one, 'two.bin': tiny.two })

describe('reading a tfjs model', () => {
  it('lists the tensors in the order of the file, with name, shape and dtype', async () => {
    const file = await openWeights(tinyFiles)
    expect(file.format).toBe('tfjs')
    expect(file.tensors.map(({ name, shape, dtype, byteLength }) => ({ name, shape, dtype, byteLength }))).toEqual([
      { name: 'a', shape: [2, 3], dtype: 'float32', byteLength: 24 },
      { name: 'b', shape: [2], dtype: 'float32', byteLength: 8 },
    ])
    expect(file.get('c')).toBeUndefined()
  })

  it('reads a tensor that lies in two shards', async () => {
    const file = await openWeights(tinyFiles)
    expect(await file.get('a')?.read()).toEqual(new Float32Array([0, 1, 2, 3, 4, 5]))
    expect(await file.get('b')?.read()).toEqual(new Float32Array([6, 7]))
  })

  it('gives the caller an array of its own', async () => {
    const file = await openWeights(tinyFiles)
    const first = (await file.get('b')?.read()) as Float32Array
    first.fill(9)
    expect(await file.get('b')?.read()).toEqual(new Float32Array([6, 7]))
  })

  it('reads only the shards that a tensor lies in', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'model.json'), JSON.stringify(tiny.json))
    await writeFile(join(folder, 'one.bin'), tiny.one)
    await writeFile(join(folder, 'two.bin'), tiny.two)
    const file = await openWeights(folder)
    await rm(join(folder, 'one.bin'))
    expect(await file.get('b')?.read()).toEqual(new Float32Array([6, 7]))
    expect((await failure(file.get('a')?.read() as Promise<unknown>)).code).toBe('NOT_FOUND')
  })

  it('hands on what the file says of itself', async () => {
    const json = JSON.stringify({
      format: 'layers-model',
      userDefinedMetadata: { card: 1 },
      modelTopology: {},
      weightsManifest: [],
    })
    expect((await openWeights(filesOf(json, {}))).metadata).toEqual({
      format: 'layers-model',
      userDefinedMetadata: { card: 1 },
    })
  })

  it('refuses to read after close', async () => {
    const file = await openWeights(tinyFiles)
    await file.close()
    expect((await failure(file.get('a')?.read() as Promise<unknown>)).code).toBe('CLOSED')
  })
})

describe('quantised weights', () => {
  const specs: io.WeightsManifestEntry[] = [
    { name: 'u8', shape: [64], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.013, min: -1.7 } },
    { name: 'u16', shape: [32], dtype: 'float32', quantization: { dtype: 'uint16', scale: 1e-4, min: -3 } },
    { name: 'i8', shape: [4], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1.5, min: -20 } },
    { name: 'i32', shape: [3], dtype: 'int32' },
    { name: 'flag', shape: [5], dtype: 'bool' },
    { name: 'plain', shape: [], dtype: 'float32' },
  ]
  const bytes = noise(64 + 64 + 4 + 12 + 5 + 4)
  bytes.set([1, 0, 1, 1, 0], 64 + 64 + 4 + 12)
  bytes.set(floats(Math.PI), 64 + 64 + 4 + 12 + 5)

  it('are what tfjs makes of them', async () => {
    const file = await openWeights(filesOf(model(specs), { 'w.bin': bytes }))
    const expected = io.decodeWeights(bytes.buffer as ArrayBuffer, specs)
    for (const tensor of file.tensors) {
      const reference = expected[tensor.name]
      expect(await tensor.read(), tensor.name).toEqual(Float32Array.from((await reference?.data()) ?? []))
      reference?.dispose()
    }
  })

  it('of half precision are what tfjs makes of all 65536 patterns', async () => {
    const halves = new Uint16Array(65536).map((_, index) => index)
    const spec: io.WeightsManifestEntry = {
      name: 'h',
      shape: [65536],
      dtype: 'float32',
      quantization: { dtype: 'float16' },
    }
    const file = await openWeights(filesOf(model([spec]), { 'w.bin': new Uint8Array(halves.buffer) }))
    const reference = io.decodeWeights(halves.buffer, [spec]).h
    const expected = (await reference?.data()) as Float32Array
    const values = (await file.get('h')?.read()) as Float32Array
    expect(values.findIndex((value, i) => !Object.is(value, expected[i]))).toBe(-1)
    reference?.dispose()
  })
})

describe('the genuine Keras MobileNet manifest', () => {
  it('has 137 tensors with the values of its 55 shards', async (context) => {
    if (!existsSync(genuine)) context.skip('no ../shared/data beside the repository')
    const file = await openWeights(genuine)
    expect(file.tensors).toHaveLength(137)
    const arrays = await Promise.all(file.tensors.map((tensor) => tensor.read()))
    expect(arrays.reduce((sum, { length }) => sum + length, 0)).toBe(475_544)
    expect(arrays.every((values) => values.every(Number.isFinite))).toBe(true)
    expect(file.get('conv_preds/kernel')?.shape).toEqual([1, 1, 256, 1000])
  })

  it('names a shard that is missing', async (context) => {
    if (!existsSync(genuine)) context.skip('no ../shared/data beside the repository')
    const folder = await temporaryFolder()
    for (const name of await readdir(genuine)) await writeFile(join(folder, name), await readFile(join(genuine, name)))
    await rm(join(folder, 'group7-shard1of1'), { force: true })
    const { code, message } = await failure(openWeights(folder))
    expect(code).toBe('SHARD_MISSING')
    expect(message).toContain('"group7-shard1of1"')
  })

  it('says by how much a shard is too short', async (context) => {
    if (!existsSync(genuine)) context.skip('no ../shared/data beside the repository')
    const folder = await temporaryFolder()
    for (const name of await readdir(genuine)) await writeFile(join(folder, name), await readFile(join(genuine, name)))
    await writeFile(join(folder, 'group55-shard1of1'), new Uint8Array(1000))
    const { code, message } = await failure(openWeights(join(folder, 'model.json')))
    expect(code).toBe('SHARD_SIZE')
    expect(message).toContain('group55-shard1of1 has 1000 bytes, expected 1028000')
  })
})

describe('files that are not right', () => {
  const sized = (sizes: number[], values: number) => {
    const bytes = Object.fromEntries(sizes.map((size, index) => [`${index}.bin`, new Uint8Array(size)]))
    return openWeights(filesOf(model([{ name: 'x', shape: [values], dtype: 'float32' }], Object.keys(bytes)), bytes))
  }

  it.each([
    { sizes: [40, 40, 20], values: 25, expected: undefined },
    { sizes: [40, 39, 40, 20], values: 35, expected: '1.bin has 39 bytes, expected 40' },
    { sizes: [41, 40, 40, 20], values: 35, expected: '0.bin has 41 bytes, expected 40' },
    { sizes: [40, 40, 7], values: 25, expected: '2.bin has 7 bytes, expected 20' },
    { sizes: [101], values: 25, expected: '0.bin has 101 bytes, expected 100' },
  ])('points at the shard of the wrong size among $sizes', async ({ sizes, values, expected }) => {
    if (expected === undefined) return expect((await sized(sizes, values)).tensors).toHaveLength(1)
    expect((await failure(sized(sizes, values))).message).toContain(expected)
  })

  it.each([
    ['BAD_MANIFEST', 'is not JSON', '{"weightsManifest": ['],
    ['UNKNOWN_FORMAT', 'unknown kind', '[]'],
    ['BAD_MANIFEST', 'no "weightsManifest"', '{}'],
    ['BAD_MANIFEST', '"paths"', '{"weightsManifest": [{}]}'],
    ['BAD_MANIFEST', 'null', '{"weightsManifest": [null]}'],
    ['BAD_MANIFEST', 'without a name', model([{ shape: [1], dtype: 'float32' }])],
    ['BAD_MANIFEST', '[-1]', model([{ name: 'x', shape: [-1], dtype: 'float32' }])],
    ['BAD_MANIFEST', '[1.5]', model([{ name: 'x', shape: [1.5], dtype: 'float32' }])],
    [
      'BAD_MANIFEST',
      '1e',
      model([{ name: 'x', shape: [1e9, 1e9], dtype: 'float32' }])
        .replaceAll('000000000', 'e9')
        .replaceAll('1e9', '1e300'),
    ],
    ['UNKNOWN_DTYPE', '"bfloat16"', model([{ name: 'x', shape: [1], dtype: 'bfloat16' }])],
    ['UNKNOWN_DTYPE', '"int4"', model([{ name: 'x', shape: [1], dtype: 'float32', quantization: { dtype: 'int4' } }])],
    ['BAD_MANIFEST', 'scale', model([{ name: 'x', shape: [1], dtype: 'float32', quantization: { dtype: 'uint8' } }])],
    [
      'BAD_MANIFEST',
      'two tensors named "x"',
      model([
        { name: 'x', shape: [0], dtype: 'float32' },
        { name: 'x', shape: [0], dtype: 'float32' },
      ]),
    ],
    ['SHARD_SIZE', 'expected 4000000000', model([{ name: 'x', shape: [1e9], dtype: 'float32' }])],
  ])('says %s (%s)', async (code, part, json) => {
    const error = await failure(openWeights(filesOf(json, { 'w.bin': new Uint8Array(0) })))
    expect(error.code).toBe(code)
    expect(error.message).toContain(part)
  })

  it.each([
    '../secret',
    '/etc/passwd',
    'a/../../b',
    'C:\\x',
    'a\\b',
    '',
    'http://elsewhere/x',
    'a//b',
    'a\u0000b',
    'a/./b',
  ])('refuses the shard path %j', async (path) => {
    const json = model([{ name: 'x', shape: [1], dtype: 'float32' }], [path])
    expect((await failure(openWeights(filesOf(json, {})))).code).toBe('UNSAFE_PATH')
  })

  it.each([
    ['gzip', '\x1f\x8b\x08'],
    ['web page', '<!doctype html>'],
  ])('recognises %s and says what to do', async (what, head) => {
    const error = await failure(openWeights(Uint8Array.from(head, (char) => char.charCodeAt(0))))
    expect(error.code).toBe('UNKNOWN_FORMAT')
    expect(error.message).toContain(what)
  })

  it('says what a folder or path lacks', async () => {
    const folder = await temporaryFolder()
    expect((await failure(openWeights(folder))).message).toContain('has no model.json')
    expect((await failure(openWeights(join(folder, 'no.json')))).message).toContain('does not exist')
    await mkdir(join(folder, 'model.json'))
    expect((await failure(openWeights(folder))).message).toContain('has no model.json')
  })

  it('notices that a shard was truncated after it was opened', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'model.json'), JSON.stringify(tiny.json))
    await writeFile(join(folder, 'one.bin'), tiny.one)
    await writeFile(join(folder, 'two.bin'), tiny.two)
    await symlink(folder, join(folder, 'link'))
    const file = await openWeights(join(folder, 'link'))
    await truncate(join(folder, 'two.bin'), 10)
    expect((await failure(file.get('b')?.read() as Promise<unknown>)).message).toContain('ends too early')
  })

  it('knows no source of another kind', async () => {
    expect((await failure(openWeights({ kind: 'ftp' } as never))).code).toBe('BAD_SOURCE')
    expect((await failure(openWeights([]))).code).toBe('NO_SOURCE')
  })
})

describe('a thousand damaged manifests', () => {
  it('are read whole or refused with a reason, never half', async () => {
    const json = JSON.stringify({ modelTopology: null, weightsManifest: mobilenetV1025.manifest })
    const bytes = await readFile(mobilenetV1025.bytes)
    const random = noise(8000, 11)
    const outcomes = new Map<string, number>()
    for (let round = 0; round < 1000; round++) {
      const text = new TextEncoder().encode(json)
      const draw = (at: number): number =>
        (random[8 * round + at] as number) * 256 + (random[8 * round + at + 1] as number)
      const place = draw(0) % text.length
      if (round % 3 === 0) text.copyWithin(place, place + 1 + (draw(2) % 40))
      else text[place] = round % 3 === 1 ? 0x30 + (draw(4) % 10) : 0x20 + (draw(4) % 95)
      const outcome = await openWeights(filesOf(new TextDecoder().decode(text), { 'weights.bin': bytes })).then(
        async (file) => {
          for (const { shape, read } of file.tensors) {
            expect((await read()).length).toBe(shape.reduce((a, b) => a * b, 1))
          }
          return 'read'
        },
        (error) => (isCnnkitError(error) ? error.code : `${error}`),
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    const known = [
      'read',
      'BAD_MANIFEST',
      'SHARD_SIZE',
      'SHARD_MISSING',
      'UNKNOWN_DTYPE',
      'UNKNOWN_FORMAT',
      'UNSAFE_PATH',
    ]
    expect([...outcomes.keys()].filter((outcome) => !known.includes(outcome))).toEqual([])
    expect(outcomes.get('read')).toBeGreaterThan(50)
    expect(outcomes.get('BAD_MANIFEST')).toBeGreaterThan(50)
  })
})
