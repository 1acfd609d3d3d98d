import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { failure } from '../testing/model.ts'
import {
  bytesOf,
  dict,
  global,
  int,
  long,
  type PicklePart,
  pickleOf,
  tensor,
  text,
  torchLegacy,
  torchZip,
  tuple,
} from '../testing/torch-file.ts'

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))
const u32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer)
const u64 = (value: bigint): Uint8Array => new Uint8Array(new BigUint64Array([value]).buffer)

/** What is wrong with a file whose pickle has this value. */
const refused = (...value: PicklePart[]) => failure(openWeights(torchZip(pickleOf(...value))))

describe('a pickle that calls a function', () => {
  it.each([
    ['torch-evil.pth', 'posix.system()'],
    ['torch-evil-legacy.pth', 'posix.system()'],
    ['torch-evil-eval.pth', 'builtins.eval()'],
  ])('%s is refused by name, and nothing is called', async (name, call) => {
    const { code, message } = await failure(openWeights(golden(name)))
    expect(code).toBe('UNSAFE_PICKLE')
    expect(message).toContain(`calls ${call}`)
    expect(existsSync('/tmp/cnnkit-was-here')).toBe(false)
  })

  it.each([
    ['os', 'system'],
    ['subprocess', 'Popen'],
    ['builtins', 'getattr'],
    ['__builtin__', 'exec'],
    ['torch', 'load'],
    ['torch._utils', '__class__'],
    ['numpy', 'load'],
    ['builtins', 'constructor'],
    ['__proto__', 'toString'],
    ['torch', 'hub.load'],
  ])('%s.%s is not known, wherever it stands', async (module, name) => {
    const call: PicklePart = [global(module, name), tuple(text('touch x')), 'R']
    expect((await refused(dict(['a', tensor()], ['b', call]))).code).toBe('UNSAFE_PICKLE')
    expect((await refused(text(module), text(name), 0x93, ')', 'R')).code).toBe('UNSAFE_PICKLE')
    expect((await refused(call, '0', dict(['a', tensor()]))).code).toBe('UNSAFE_PICKLE')
  })

  it('cannot hide it in a tensor, a storage or an object', async () => {
    const rebuilt: PicklePart = [
      global('torch._tensor', '_rebuild_from_type_v2'),
      tuple(global('os', 'system'), global('torch', 'Tensor'), tuple(text('x')), 'N'),
      'R',
    ]
    expect((await refused(dict(['a', rebuilt]))).message).toContain('made by os.system')
    expect((await refused(dict(['a', tensor()]), tuple(text('x')), 'R')).message).toContain('no function')
    const object: PicklePart = [global('a', 'B'), ')', 0x81]
    expect((await refused(object, tuple(), 'R')).message).toContain('no function')
    expect((await refused(object, tuple(), 0x81)).message).toContain('no class')
  })
})

describe('what is beside the weights', () => {
  it('is kept as a note where it is an object that Python makes without a call', async () => {
    const object: PicklePart = [global('my.training', 'Meter'), ')', 0x81, dict(['value', int(3)]), 'b']
    const extended: PicklePart = [global('my', 'Dict'), ')', '}', 0x92, '(', text('k'), int(1), 'u']
    const { tensors } = await openWeights(
      torchZip(pickleOf(dict(['state_dict', dict(['a', tensor()])], ['meter', object], ['more', extended]))),
    )
    expect(tensors.map(({ name }) => name)).toEqual(['a'])
  })
})

describe('a tensor in the manner of 2017', () => {
  const made: PicklePart = [global('torch', 'FloatTensor'), ')R']
  const state = (offset: number): PicklePart => [
    '(',
    tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu'), int(4)),
    'Q',
    int(offset),
    tuple(int(2)),
    tuple(int(1)),
    't',
  ]

  it('is checked as any other', async () => {
    expect((await refused(dict(['a', [made, state(3), 'b']]))).message).toContain('in a storage of 4 values')
    const { get } = await openWeights(torchZip(pickleOf(dict(['a', [made, state(2), 'b']]))))
    expect(await get('a')?.read()).toEqual(new Float32Array([3, 4]))
  })

  it('is no tensor where it was never filled, or with itself', async () => {
    expect((await refused(dict(['a', made]))).code).toBe('NO_STATE_DICT')
    const itself: PicklePart = [made, 'q', 1, ['(', 'h', 1, 'N', 'N', 0x88, 0x89, 't'], 'b']
    expect((await refused(dict(['a', itself]))).code).toBe('NO_STATE_DICT')
  })
})

describe('a tensor that cannot be', () => {
  it.each([
    ['beyond its storage', { shape: tuple(int(5)) }],
    ['beyond its storage by its offset', { offset: int(1) }],
    ['beyond its storage by its strides', { shape: tuple(int(2), int(2)), strides: tuple(int(3), int(1)) }],
    ['of a negative size', { shape: tuple(int(-4)) }],
    ['of a fractional size', { shape: tuple(['G', new Uint8Array([0x3f, 0xf8, 0, 0, 0, 0, 0, 0])]) }],
    ['of a size that is text', { shape: tuple(text('4')) }],
    ['of a size beyond numbers', { shape: tuple(int(2 ** 40), int(2 ** 40)), strides: tuple(int(0), int(0)) }],
    ['of a size beyond numbers', { shape: tuple(long(2n ** 62n)) }],
    ['without strides', { strides: tuple() }],
    ['with a negative stride', { offset: int(3), strides: tuple(int(-1)) }],
    ['with a negative offset', { offset: int(-1) }],
    ['repeated too often', { shape: tuple(int(2 ** 30)), strides: tuple(int(0)) }],
    ['of a negative storage', { elements: int(-4) }],
    ['of a storage that has another size', { elements: int(1000), shape: tuple(int(1000)) }],
    ['of a storage that is not there', { key: text('1') }],
    ['of a storage outside', { key: text('../../data/0') }],
    ['of a storage without a name', { key: int(0) }],
    ['of a storage of other values', { type: 'DoubleStorage' }],
    ['of what is no storage', { type: 'Tensor' }],
  ])('%s is refused', async (_what, parts) => {
    const { code, message } = await refused(dict(['a', tensor(parts)]))
    expect(code).toBe('BAD_FILE')
    expect(message).toContain('the given bytes')
  })

  it('is refused where its dtype is none', async () => {
    const third = (dtype: PicklePart): PicklePart => [
      global('torch._utils', '_rebuild_tensor_v3'),
      tuple(
        [tuple(text('storage'), global('torch.storage', 'UntypedStorage'), text('0'), text('cpu'), int(16)), 'Q'],
        int(0),
        tuple(int(8)),
        tuple(int(1)),
        0x89,
        dict(),
        dtype,
      ),
      'R',
    ]
    for (const none of ['N', int(7), tuple(), global('torch', 'float8_e4m3fn'), global('torch', 'toString')]) {
      expect((await refused(dict(['a', third(none)]))).code).toBe('UNKNOWN_DTYPE')
    }
    const { tensors } = await openWeights(torchZip(pickleOf(dict(['a', third(global('torch', 'uint16'))]))))
    expect(await tensors[0]?.read()).toHaveLength(8)
  })

  it('is refused where two describe their storage in two ways', async () => {
    const { message } = await refused(dict(['a', tensor()], ['b', tensor({ elements: int(2), shape: tuple(int(2)) })]))
    expect(message).toContain('"0" in two ways')
  })

  it('keeps the shape that was checked, whatever the pickle does to the list afterwards', async () => {
    const shape: PicklePart = [']', 'q', 9, int(4), 'a']
    const value: PicklePart = [dict(['a', tensor({ shape })]), 'h', 9, int(4000), 'a', '0']
    const { tensors } = await openWeights(torchZip(pickleOf(value)))
    expect(tensors[0]?.shape).toEqual([4])
    expect(await tensors[0]?.read()).toEqual(new Float32Array([1, 2, 3, 4]))
  })
})

describe('a pickle that is broken', () => {
  it.each<[string, PicklePart]>([
    ['recalls what was not remembered', ['h', 3]],
    ['remembers two values as one', [int(1), 'q', 1, int(2), 'q', 1]],
    ['takes from an empty stack', [0x85]],
    ['takes what is below a mark', [int(1), '(', 0x85]],
    ['ends without a value', []],
    ['closes a mark that is not open', [int(1), 't']],
    ['has a key without a value', ['}(', text('a'), 'u']],
    ['has a key twice', dict(['a', tensor()], ['a', tensor()])],
    ['adds to a number', [int(1), int(2), 'a']],
    ['sets items of a tensor', [tensor(), int(0), int(1), 's']],
    ['has a name that is no text', [int(1), int(2), 0x93]],
    ['has an endless name', ['c', 'x'.repeat(5000)]],
    ['has an operation of 1995', ['I', '1\n']],
    ['has a number of a gigabyte', [0x8b, u32(2 ** 30)]],
    ['has a text of four gigabytes', ['X', u32(2 ** 32 - 1)]],
    ['has a text of 2^63 bytes', [0x8d, u64(2n ** 63n)]],
    ['has bytes of 2^53 bytes', [0x8e, u64(2n ** 53n)]],
    ['refers to what is no storage', [text('x'), 'Q']],
    ['is of protocol 0', [0x80, 0]],
    ['is of protocol 6', [0x80, 6]],
  ])('%s: refused', async (_what, value) => {
    expect((await refused(value)).code).toBe('BAD_FILE')
  })

  it('may be deep or bite its own tail: it is read, but no state dict', async () => {
    expect((await refused(']'.repeat(100_000), 'a'.repeat(99_999))).code).toBe('NO_STATE_DICT')
    expect((await refused(']q', 1, 'h', 1, 'a')).code).toBe('NO_STATE_DICT')
    expect((await refused('}q', 1, text('model'), 'h', 1, 's')).code).toBe('NO_STATE_DICT')
    const nested = ['X', u32(5), 'model', '}'] as const
    const deep: PicklePart = [
      '}',
      Array.from({ length: 20_000 }, () => nested),
      Array.from({ length: 20_000 }, () => 's'),
    ]
    expect((await refused(deep)).code).toBe('NO_STATE_DICT')
  })

  it('cannot make objects without end', async () => {
    const files = ['}'.repeat(600_000), `N${'2'.repeat(9_000_000)}`].map((value) => torchZip(pickleOf(value)))
    const began = performance.now()
    expect((await failure(openWeights(files[0] as Uint8Array))).message).toContain('more than 500000 objects')
    expect((await failure(openWeights(files[1] as Uint8Array))).message).toContain('more than 8000000 steps')
    const doubled: PicklePart = [']q', 0, Array.from({ length: 200 }, (_, i) => ['h', i, 'h', i, 0x86, 'q', i + 1])]
    expect((await refused(doubled)).code).toBe('NO_STATE_DICT')
    expect(performance.now() - began).toBeLessThan(50_000)
  })
})

describe('a zip file that lies', () => {
  const good = torchZip(pickleOf(dict(['a', tensor()])))

  it('cannot have a data.pkl of gigabytes, nor be a bomb', async () => {
    const zeros = new Uint8Array(100 * 2 ** 20)
    const bomb = zipSync({ 'net/data.pkl': zeros })
    expect(bomb.length).toBeLessThan(150_000)
    expect((await failure(openWeights(bomb))).code).toBe('TOO_LARGE')
    const claims = zipSync({ 'net/data.pkl': pickleOf(dict(['a', tensor()])) })
    const view = new DataView(claims.buffer)
    view.setUint32(claims.length - 22 - 46 - 'net/data.pkl'.length + 24, 15 * 2 ** 20, true)
    expect((await failure(openWeights(claims))).message).toContain('claims to unpack')
  })

  it('cannot have paths that climb out, or the same path twice', async () => {
    const climbs = await failure(openWeights(torchZip(pickleOf('N'), { '../../etc/passwd': bytesOf('x') })))
    expect(climbs).toMatchObject({ code: 'UNSAFE_PATH', message: expect.stringContaining('../../etc/passwd') })
    const twice = new Uint8Array(torchZip(pickleOf('N'), { 'net/data/1': bytesOf('x') }))
    const buffer = Buffer.from(twice.buffer)
    for (let at = buffer.indexOf('net/data/1'); at >= 0; at = buffer.indexOf('net/data/1')) twice[at + 9] = 0x30
    expect((await failure(openWeights(twice))).message).toContain('two files named "net/data/0"')
  })

  it('cannot have one file in the bytes of another, or another file where one should be', async () => {
    const bytes = torchZip(pickleOf(dict(['a', tensor()], ['b', tensor({ key: text('1') })])), {
      'net/data/1': new Uint8Array(16),
    })
    const directory = Buffer.from(bytes.buffer).lastIndexOf('net/data/1') - 46
    const view = new DataView(bytes.buffer)
    const first = view.getUint32(Buffer.from(bytes.buffer).lastIndexOf('net/data/0') - 46 + 42, true)
    view.setUint32(directory + 42, first, true)
    const file = await openWeights(bytes)
    await file.get('a')?.read()
    expect((await failure(file.get('b')?.read() as Promise<unknown>)).message).toContain(
      'another file where "net/data/1"',
    )
  })

  it('cannot point beyond its end, or claim a directory of gigabytes', async () => {
    const end = good.length - 22
    const changed = (at: number, value: number) => {
      const bytes = good.slice()
      new DataView(bytes.buffer).setUint32(at, value, true)
      return failure(openWeights(bytes))
    }
    expect((await changed(end + 16, 2 ** 31)).code).toBe('BAD_FILE')
    expect((await changed(end + 12, 2 ** 31)).code).toBe('BAD_FILE')
    expect((await changed(end + 16, 2 ** 32 - 1)).code).toBe('BAD_FILE')
    expect((await failure(openWeights(good.slice(0, end)))).message).toContain('end of central directory')
  })

  it('needs a pickle, and the byte order that is read', async () => {
    expect((await failure(openWeights(zipSync({ x: bytesOf('y') })))).code).toBe('UNKNOWN_FORMAT')
    const big = torchZip(pickleOf(dict(['a', tensor()])), { 'net/byteorder': bytesOf('big') })
    expect((await failure(openWeights(big))).message).toContain('byte order "big"')
  })
})

describe('a file of the old form that lies', () => {
  const value = pickleOf(dict(['a', tensor()]))
  const keys = pickleOf('(', text('0'), 'l')
  const values = new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer)

  it('is read where it does not', async () => {
    const file = await openWeights(torchLegacy(value, keys, u64(4n), values))
    expect(await file.get('a')?.read()).toEqual(new Float32Array([1, 2, 3, 4]))
  })

  it.each<[string, Uint8Array]>([
    ['another count', torchLegacy(value, keys, u64(5n), values)],
    ['a count of 2^63', torchLegacy(value, keys, u64(2n ** 63n), values)],
    ['too few bytes', torchLegacy(value, keys, u64(4n), values.subarray(1))],
    ['too many bytes', torchLegacy(value, keys, u64(4n), values, 0)],
    ['a storage that no tensor has', torchLegacy(value, pickleOf('(', text('0'), text('1'), 'l'), u64(4n), values)],
    ['a storage twice', torchLegacy(value, pickleOf('(', text('0'), text('0'), 'l'), u64(4n), values)],
    ['no storage', torchLegacy(value, pickleOf(']'))],
    ['no list', torchLegacy(value, pickleOf('N'))],
    ['no end', torchLegacy(value).slice(0, -1)],
    ['nothing but a pickle', pickleOf(dict(['a', int(1)]))],
    ['other pickles', bytesOf(value, value, value, value, value)],
  ])('%s: refused', async (_what, bytes) => {
    expect((await failure(openWeights(bytes))).code).toMatch(/^(BAD_FILE|SHARD_SIZE)$/)
  })

  it('cannot be cut anywhere', async () => {
    const bytes = await readFile(golden('torch-net-legacy.pth'))
    for (let size = 1; size < bytes.length; size += 7) {
      expect((await failure(openWeights(new Uint8Array(bytes.subarray(0, size))))).code).toMatch(
        /^(BAD_FILE|SHARD_SIZE)$/,
      )
    }
  })
})
