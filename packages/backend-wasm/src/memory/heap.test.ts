import '@tensorflow/tfjs-backend-cpu'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { conv2d, engine, memory, ones, type Tensor4D, type TensorInfo } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { PackedWeights } from '../engine/packed-weights.ts'
import { wasm } from '../index.ts'
import { bytesOf } from './heap.ts'

const packedBytes = (): number => (memory() as unknown as { packedBytes: number }).packedBytes

it.each([1, 2])(
  'a heap that is full is an error with the bytes, and no overwritten tensor, on %i thread(s)',
  async (threads) => {
    await wasm({ threads, kernels: 'own' }).start()
    const backend = engine().backend as BackendWasm
    const [x, filter] = [ones([1, 8, 8, 16]), ones([1, 1, 16, 16])] as [Tensor4D, Tensor4D]
    conv2d(x, filter, 1, 'same').dispose()
    expect(packedBytes()).toBe(1024)
    const made: TensorInfo[] = []
    const fill = (floats: number): void => {
      for (;;) made.push(backend.makeOutput([floats], 'float32'))
    }
    expect(() => fill(2 ** 26)).toThrow(
      /no room for a tensor of 268435456 bytes: it is \d{9,} bytes large, of 4294901760/,
    )
    // Down to pieces that are smaller than what was packed.
    for (const floats of [2 ** 20, 2 ** 14, 2 ** 7])
      expect(() => fill(floats)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }))
    // What was packed gave way; a convolution runs without, once a tensor's room is there.
    expect(packedBytes()).toBe(0)
    expect([...x.dataSync()].every((value) => value === 1)).toBe(true)
    for (const tensor of made.splice(0, 100)) backend.disposeData(tensor.dataId)
    const y = conv2d(x, filter, 1, 'same')
    expect(y.dataSync()[5]).toBe(16)
    for (const tensor of made) backend.disposeData(tensor.dataId)
    for (const tensor of [x, filter, y]) tensor.dispose()
  },
)

it('weights beyond what may be kept are packed at each use, and leave nothing', async () => {
  await wasm({ threads: 1, kernels: 'own' }).start()
  const backend = engine().backend as BackendWasm
  const weights = new PackedWeights(backend, 100)
  const [small, large] = [ones([4]), ones([5])]
  let packed = 0
  const use = (tensor: TensorInfo, bytes: number): unknown =>
    weights.use(
      tensor,
      'panels',
      [bytes, ''],
      () => packed++,
      (address) => address > 0,
    )
  for (let i = 0; i < 100; i++) expect([use(small, 80), use(large, 80)]).toEqual([true, true])
  expect(packed).toBe(101)
  const size = bytesOf(backend).length
  for (let i = 0; i < 1000; i++) use(large, 2 ** 20)
  expect(bytesOf(backend).length).toBeLessThanOrEqual(size + 2 ** 23)
  expect(packedBytes()).toBe(80)
  small.dispose()
  expect(packedBytes()).toBe(0)
  large.dispose()
})
