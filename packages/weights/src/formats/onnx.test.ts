import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { failure } from '../testing/model.ts'

/** Name, shape, dtype, first and last three values, and the sum of each value times its number. */
type Row = readonly [string, readonly number[], string, readonly number[], number]

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))
const { tensors: rows } = JSON.parse(await readFile(golden('onnx.json'), 'utf8')) as { tensors: Row[] }

describe.each(['tiny.onnx', 'tiny-external.onnx'])('%s', (name) => {
  it('has the values that the onnx package has, however they are kept', async () => {
    const { tensors, format } = await openWeights(golden(name))
    expect(format).toBe('onnx')
    expect(tensors.map((tensor) => [tensor.name, tensor.shape, tensor.dtype])).toEqual(
      rows.map(([tensor, shape, dtype]) => [tensor, shape, dtype]),
    )
    for (const [index, [tensor, , , picked]] of rows.entries()) {
      const values = (await tensors[index]?.read()) ?? new Float32Array()
      expect([...values.slice(0, 3), ...values.slice(-3)], tensor).toEqual(picked.map(Math.fround))
    }
  })

  it('says which nodes use a tensor, and as what', async () => {
    const { metadata } = await openWeights(golden(name))
    const uses = metadata.uses as Record<string, unknown>
    expect(uses.conv1_w_0).toEqual([{ op: 'Conv', node: '', input: 1, output: 'conv1', at: 1 }])
    expect(uses.bn_var).toEqual([{ op: 'BatchNormalization', node: 'bn1', input: 4, output: 'bn', at: 2 }])
    expect(uses.dense_w).toEqual([expect.objectContaining({ op: 'Gemm', node: 'dense', input: 1 })])
    expect(uses.conv1_b_0).toEqual([{ op: 'Conv', node: '', input: 2, output: 'conv1', at: 1 }])
    expect(uses.mask).toEqual([])
    expect(metadata).toMatchObject({ ir_version: 10, opset: { 'ai.onnx': 17, 'ai.onnx.ml': 3 } })
    expect(metadata.producer_name).toBe('cnnkit-reference')
  })
})

describe('values in a file beside the model', () => {
  const open = async (edit: (model: Uint8Array, data: Uint8Array) => Record<string, Uint8Array>) => {
    const model = new Uint8Array(await readFile(golden('tiny-external.onnx')))
    const data = new Uint8Array(await readFile(golden('tiny-external.data')))
    return openWeights({ kind: 'files', path: 'tiny.onnx', files: edit(model, data) })
  }
  const renamed = (model: Uint8Array, name: string): Uint8Array => {
    const text = Buffer.from(model).toString('latin1').replaceAll('tiny-external.data', name)
    return new Uint8Array(Buffer.from(text, 'latin1'))
  }

  it.each(['../../outside.data', '/etc/x/outside.dat', 'C:\\x\\outside.data1', 'a/../../utside.dat'])(
    'is not followed out of the folder: %s',
    async (path) => {
      expect(path).toHaveLength('tiny-external.data'.length)
      const { code, message } = await failure(
        open((model, data) => ({ 'tiny.onnx': renamed(model, path), [path]: data })),
      )
      expect(code).toBe('UNSAFE_PATH')
      expect(message).toContain(JSON.stringify(path))
    },
  )

  it('must be there', async () => {
    const { code, message } = await failure(open((model) => ({ 'tiny.onnx': model })))
    expect(code).toBe('SHARD_MISSING')
    expect(message).toContain('tiny-external.data')
  })

  it('must be long enough', async () => {
    const { code, message } = await failure(
      open((model, data) => ({ 'tiny.onnx': model, 'tiny-external.data': data.subarray(0, 400) })),
    )
    expect(code).toBe('SHARD_SIZE')
    expect(message).toMatch(/400 bytes, expected at least 432 \("conv1_w_0"/)
  })

  it('is found beside a model on disk', async () => {
    const file = await openWeights(join(golden('.'), 'tiny-external.onnx'))
    expect(await file.get('axes')?.read()).toEqual(new Float32Array([2, -3]))
  })
})

describe('a model that lies', () => {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]
  const field = (number: number, content: readonly number[]): number[] => [
    number * 8 + 2,
    ...varint(content.length),
    ...content,
  ]
  const text = (value: string): number[] => [...Buffer.from(value)]
  const model = (...graph: number[][]): Uint8Array =>
    Uint8Array.from([8, 10, ...field(2, text('x')), ...field(7, graph.flat())])
  const tensor = (dims: readonly number[], ...more: number[][]): number[] =>
    field(5, [...dims.flatMap((size) => [8, ...varint(size)]), 16, 1, ...field(8, text('w')), ...more.flat()])

  it('has no room for the shape it claims', async () => {
    const huge = model(tensor([2 ** 40, 2 ** 40], field(9, [0, 0, 0, 0])))
    expect(await failure(openWeights(huge))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/that cannot be/),
    })
    const large = model(tensor([2 ** 30], field(9, [0, 0, 0, 0])))
    expect(await failure(openWeights(large))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/and 4 bytes/),
    })
  })

  it('claims a field of two gigabytes', async () => {
    const bytes = Uint8Array.from([8, 10, 0x12, 1, 120, 0x3a, ...varint(2 ** 31)])
    expect(await failure(openWeights(bytes))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/beyond its message/),
    })
  })

  it('keeps values twice, or in a way that is not read', async () => {
    const twice = model(tensor([1], field(9, [0, 0, 0, 0]), field(9, [0, 0, 0, 0])))
    expect(await failure(openWeights(twice))).toMatchObject({ code: 'BAD_FILE' })
    const unpacked = model(tensor([1], [4 * 8 + 5, 0, 0, 0, 0]))
    expect(await failure(openWeights(unpacked))).toMatchObject({ code: 'UNSUPPORTED' })
    expect(await failure(openWeights(model(field(15, []))))).toMatchObject({ code: 'UNSUPPORTED' })
  })

  it('nests without an end', async () => {
    let nested: number[] = []
    for (let depth = 0; depth < 2000; depth++) nested = field(6, field(5, nested))
    const node = field(1, [...field(4, text('If')), ...field(5, nested)])
    expect((await openWeights(model(node))).tensors).toEqual([])
  })
})
