import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import '@tensorflow/tfjs-backend-cpu'
import { kernel } from '@cnnkit/testing/compare'
import { noise, seeded } from '@cnnkit/testing/numbers'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  conv2d,
  dispose,
  engine,
  matMul,
  memory,
  mul,
  ones,
  reshape,
  type Tensor,
  type Tensor4D,
  tidy,
  variable,
} from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { wasm } from '../../index.ts'
import { bytesOf } from '../../memory/heap.ts'
import { type Call, convolutionCall, errorAgainstStock } from '../../testing/against-stock.ts'
import { expectSameOnCpu } from '../../testing/compare.ts'

const packedBytes = (): number => (memory() as unknown as { packedBytes: number }).packedBytes
/** Some call, odd sizes and all. */
function randomCall(seed: number): Call {
  const random = seeded(seed)
  const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  const pick = <Value>(...values: readonly Value[]): Value => values[whole(0, values.length - 1)]!
  const activation = pick('linear', 'relu', 'relu6')
  if (random() < 0.15) {
    const [rows, depth, columns] = [whole(1, 70), whole(1, 60), whole(1, 60)]
    const inputs = { a: [1, rows, depth], b: [1, depth, columns], bias: [columns] }
    return { kernel: '_FusedMatMul', inputs, attributes: { transposeA: false, transposeB: false, activation } }
  }
  const depthwise = random() < 0.25
  const filter = [whole(1, 7), whole(1, 7), whole(1, 40), depthwise ? 1 : whole(1, 40)] as const
  const winograd = !depthwise && random() < 0.3
  const strided = !winograd && random() < 0.5
  const dilated = !winograd && !strided && random() < 0.4
  const dilations = dilated ? ([whole(1, 3), whole(1, 3)] as const) : ([1, 1] as const)
  const reach = (i: 0 | 1): number => (filter[i] - 1) * dilations[i] + 1
  return convolutionCall({
    depthwise,
    input: [whole(1, 3), whole(reach(0), 24), whole(reach(1), 24), winograd ? 4 * whole(4, 12) : filter[2]],
    filter: winograd ? [3, 3, 0, whole(16, 50)] : filter,
    // At a stride beyond the filter, padded `same`, TensorFlow.js' own computes nothing: see below.
    strides: strided ? [whole(1, Math.min(3, reach(0))), whole(1, Math.min(3, reach(1)))] : [1, 1],
    pad: pick('same', 'valid'),
    dilations,
    ...(random() < 0.5 ? {} : { activation }),
  })
}

/** A Winograd's filter takes the channels of its input, which must hold it. */
function settled(call: Call): Call {
  const { x, filter } = call.inputs
  if (x === undefined || filter === undefined || filter[2] !== 0) return call
  const input = [x[0]!, Math.max(3, x[1]!), Math.max(3, x[2]!), x[3]!]
  return { ...call, inputs: { ...call.inputs, x: input, filter: [3, 3, x[3]!, filter[3]!] } }
}

describe.each([1, 2, 4])('our own kernels on %i thread(s)', (threads) => {
  beforeAll(async () => {
    const report = await wasm({ threads, kernels: 'own' }).start()
    expect(report.details.kernels).toMatch(/^own/)
  })
  afterEach(() => {
    expect(memory().numTensors).toBe(0)
    expect(packedBytes()).toBe(0)
  })

  it('give what TensorFlow.js’ give for a thousand shapes', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const call = settled(randomCall(seed))
      expect(errorAgainstStock(call, seed), `${seed} ${JSON.stringify(call)}`).toBeLessThan(1e-4)
    }
  })

  it('take strides beyond the filter, where TensorFlow.js’ own computes nothing', async () => {
    for (const filter of [
      [4, 2, 27, 38],
      [2, 2, 27, 38],
      [1, 1, 27, 38],
    ]) {
      const inputs = { x: noise([2, 11, 9, 27], 1), filter: noise(filter, 2) }
      const attributes = { strides: [1, 3], pad: 'same', dilations: [1, 1], dataFormat: 'NHWC' }
      await expectSameOnCpu(inputs, kernel('Conv2D', attributes), 1e-4)
    }
  })

  it('keep the weights that they packed for as long as the tensor lives, and no longer', () => {
    const x = ones([1, 8, 8, 16]) as Tensor4D
    const filter = ones([1, 1, 16, 16]) as Tensor4D
    const bytes = bytesOf(engine().backend as BackendWasm).buffer.byteLength
    for (let i = 0; i < 1000; i++) {
      conv2d(x, filter, 1, 'same').dispose()
      expect(packedBytes()).toBe(16 * 16 * 4)
      expect(memory().numTensors).toBe(2)
    }
    for (let i = 0; i < 1000; i++) tidy(() => void conv2d(x, mul(filter, i) as Tensor4D, 1, 'same'))
    expect(bytesOf(engine().backend as BackendWasm).buffer.byteLength).toBe(bytes)
    dispose([x, filter])
  })

  it('see at once what a variable is set to', () => {
    const x = ones([1, 6, 6, 16]) as Tensor4D
    for (const size of [1, 3]) {
      const start = ones([size, size, 16, 16])
      const filter = variable(start) as unknown as Tensor4D & { assign(value: Tensor): void }
      start.dispose()
      for (const value of [1, 2, 3]) {
        tidy(() => {
          if (value > 1) filter.assign(mul(ones(filter.shape), value))
          const y = conv2d(x, filter, 1, 'valid')
          expect(y.dataSync()[0]).toBeCloseTo(16 * size * size * value)
        })
      }
      filter.dispose()
    }
    x.dispose()
  })

  it('read the same weights under another shape as those of that shape', () => {
    const flat = ones([8, 32])
    const wide = reshape(flat, [16, 16])
    const [a, b] = [ones([4, 8]), ones([4, 16])]
    const results = [matMul(a, flat), matMul(b, wide), matMul(a, flat)]
    expect(results.map((result) => result.dataSync()[0])).toEqual([8, 16, 8])
    dispose([flat, wide, a, b, ...results])
  })
})

describe('the binaries', () => {
  it('are those of assembly/, compiled', async () => {
    const script = fileURLToPath(new URL('../../../scripts/compile-kernels.mjs', import.meta.url))
    await promisify(execFile)(process.execPath, [script, '--check'])
  })

  it('are less than 40 kB together, compressed as they are shipped', async () => {
    const modules = await Promise.all([
      import('../../engine/binaries/simd.ts'),
      import('../../engine/binaries/relaxed.ts'),
    ])
    const sizes = modules.map(({ binary }) => gzipSync(binary).length)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(40_000)
  })
})
