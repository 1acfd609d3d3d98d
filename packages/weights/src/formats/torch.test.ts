import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { ByteFile } from '../files/byte-file.ts'
import reference from '../golden/torch.json' with { type: 'json' }
import { openWeights } from '../index.node.ts'
import { factsOf } from '../testing/facts.ts'
import { failure, shared } from '../testing/model.ts'
import {
  dict,
  int,
  type PicklePart,
  pickleOf,
  tensor,
  text,
  torchLegacy,
  torchZip,
  tuple,
} from '../testing/torch-file.ts'
import { openTorch } from './torch.ts'

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))
const genuine = shared('data/weights/resnet-cifar10-torch')

describe('files that PyTorch has written', () => {
  it.each(Object.keys(reference.files).filter((name) => name.endsWith('.pth')))(
    '%s: what torch reads in it',
    async (name) => {
      const file = await openWeights(golden(name))
      expect(file.format).toBe('torch')
      expect(await factsOf(file)).toEqual(reference.files[name as keyof typeof reference.files])
    },
  )

  it.for(Object.entries(reference.genuine))(
    '%s, genuine: what torch reads in it',
    async ([name, expected], context) => {
      if (!existsSync(genuine)) return context.skip('no ../shared/data beside the repository')
      const file = await openWeights(join(genuine, name))
      const hash = createHash('sha256')
      for (const { name, shape, read } of file.tensors) {
        hash.update(`${name} [${shape}]\n`)
        hash.update(new Uint8Array((await read()).buffer))
      }
      expect({ tensors: file.tensors.length, sha256: hash.digest('hex') }).toEqual(expected)
      expect(file.metadata).toMatchObject({ form: 'legacy', stateDict: 'state_dict', prefix: 'module.' })
    },
  )
})

describe('the state dict of a checkpoint', () => {
  it('is found under the usual key, without the prefix of DataParallel, and what is beside it is told', async () => {
    const { metadata, tensors } = await openWeights(golden('torch-checkpoint.pth'))
    expect(metadata).toEqual({
      form: 'zip',
      stateDict: 'state_dict',
      prefix: 'module.',
      checkpoint: { epoch: 12, arch: 'tiny' },
    })
    expect(tensors[0]?.name).toBe('0.weight')
    expect((await openWeights(golden('torch-net.pth'))).metadata).toEqual({ form: 'zip', stateDict: '' })
  })

  const opened = (...value: PicklePart[]) => openWeights(torchZip(pickleOf(...value)))
  const names = async (...value: PicklePart[]) => (await opened(...value)).tensors.map(({ name }) => name)

  it('is found wherever trainers put it', async () => {
    expect(await names(dict(['a.weight', tensor()], ['steps', int(3)]))).toEqual(['a.weight'])
    for (const key of ['state_dict', 'model', 'model_state_dict', 'net', 'my_own_key']) {
      expect(await names(dict(['epoch', int(1)], [key, dict(['a', tensor()])]))).toEqual(['a'])
    }
    expect(await names(dict(['model', dict(['state_dict', dict(['a', tensor()])])]))).toEqual(['a'])
  })

  it('loses a prefix only where all names have it', async () => {
    expect(await names(dict(['module.a', tensor()], ['module.b', tensor()]))).toEqual(['a', 'b'])
    expect(await names(dict(['module.a', tensor()], ['b', tensor()]))).toEqual(['module.a', 'b'])
    expect(await names(dict(['_orig_mod.module.a', tensor()]))).toEqual(['a'])
    expect((await opened(dict(['_orig_mod.module.a', tensor()]))).metadata).toMatchObject({
      prefix: '_orig_mod.module.',
    })
  })

  it('may hold what is no tensor, which is told', async () => {
    const { metadata } = await opened(dict(['a', tensor()], ['bn._extra_state', 'N']))
    expect(metadata).toEqual({ form: 'zip', stateDict: '', skipped: ['bn._extra_state'] })
  })

  it.each([
    ['a dict of one, two', dict(['one', dict(['a', tensor()])], ['two', dict(['b', tensor()])])],
    ['a dict of epoch', dict(['epoch', int(1)])],
    ['a single tensor', tensor()],
    ['a list of 1 values', ['(', tensor(), 'l']],
    ['a value of type number', int(5)],
  ])('is missing: %s', async (what, value) => {
    const { code, message } = await failure(opened(value))
    expect(code).toBe('NO_STATE_DICT')
    expect(message).toContain(what)
  })

  it('is not a whole model, a TorchScript program or complex numbers', async () => {
    const whole = await failure(openWeights(golden('torch-module.pth')))
    expect(whole).toMatchObject({
      code: 'NO_STATE_DICT',
      message: expect.stringContaining('of the class __main__.Ready'),
    })
    expect((await failure(openWeights(golden('torch-script.pt')))).message).toContain('TorchScript')
    const complex = await failure(openWeights(golden('torch-complex.pth')))
    expect(complex).toMatchObject({
      code: 'UNKNOWN_DTYPE',
      message: expect.stringContaining('"weight" as ComplexFloatStorage'),
    })
  })
})

describe('opening a checkpoint', () => {
  const big = { elements: int(200_000) }
  const pickle = pickleOf(
    dict(
      ['all', tensor({ ...big, shape: tuple(int(200), int(1000)), strides: tuple(int(1000), int(1)) })],
      ['row', tensor({ ...big, offset: int(3000), shape: tuple(int(1000)) })],
      ['column', tensor({ ...big, offset: int(1001), shape: tuple(int(3)), strides: tuple(int(1000)) })],
    ),
  )
  const values = new Float32Array(200_000).map((_, index) => index)
  const storage = new Uint8Array(values.buffer)
  const keys = pickleOf('(', text('0'), 'l')

  it.each([
    ['zip', torchZip(pickle, { 'net/data/0': storage })],
    ['legacy', torchLegacy(pickle, keys, new Uint8Array(new BigInt64Array([200_000n]).buffer), storage)],
  ])('reads the pickle, and then of a tensor its own bytes alone (%s)', async (_form, bytes) => {
    const asked: [number, number][] = []
    const file: ByteFile = {
      name: 'big.pth',
      size: bytes.length,
      async readInto(target, position) {
        asked.push([position, target.length])
        target.set(bytes.subarray(position, position + target.length))
      },
    }
    const { get } = await openTorch({ folder: { name: '', open: async () => file }, path: 'big.pth' }, 'big.pth')
    expect(asked.splice(0).reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(150_000)
    expect(await get('row')?.read()).toEqual(values.subarray(3000, 4000))
    const start = (asked.at(-1)?.[0] ?? 0) - 12_000
    expect(asked.at(-1)).toEqual([start + 12_000, 4000])
    expect(await get('column')?.read()).toEqual(new Float32Array([1001, 2001, 3001]))
    expect(asked.at(-1)).toEqual([start + 4004, 2001 * 4])
    expect(Buffer.compare(new Uint8Array((await get('all')?.read())?.buffer ?? new ArrayBuffer(0)), storage)).toBe(0)
    expect(asked.at(-1)).toEqual([start, 800_000])
  })

  it('works on a Blob, as a browser has it', async () => {
    for (const name of ['torch-views.pth', 'torch-views-legacy.pth', 'torch-net-deflated.pth', 'torch-net-zip64.pth']) {
      const blob = new Blob([await readFile(golden(name))])
      const file = await openWeights({ kind: 'files', files: { [name]: blob }, path: name })
      expect(await factsOf(file)).toEqual(reference.files[name as keyof typeof reference.files])
    }
  })
})
