import { kernel } from '@cnnkit/testing/compare'
import { noise, seeded } from '@cnnkit/testing/numbers'
import { type backend_util, stridedSlice, type Tensor, tensor, backend_util as util } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { wasm } from '../index.ts'
import { expectSameOnCpu } from '../testing/compare.ts'

type Pad = 'same' | 'valid' | number | backend_util.ExplicitPadding

interface Convolution {
  /** `[batch, height, width, channels]` */
  readonly input: [number, number, number, number]
  /** `[height, width, channels, filters]`, the last the multiplier in a depthwise one. */
  readonly filter: [number, number, number, number]
  readonly strides: [number, number]
  readonly pad: Pad
  readonly dilations?: [number, number]
}

const conv = (input: Convolution['input'], filter: Convolution['filter'], stride: number, pad: Pad): Convolution => ({
  input,
  filter,
  strides: [stride, stride],
  pad,
})

// Channels and sides of MobileNet v1 (0.25) and ResNet-50, batches and some sides smaller.
const convolutions: readonly Convolution[] = [
  conv([2, 64, 64, 3], [3, 3, 3, 8], 2, 'same'),
  conv([2, 65, 65, 3], [3, 3, 3, 8], 2, 'valid'),
  conv([1, 63, 61, 3], [3, 3, 3, 32], 2, 'same'),
  conv([2, 28, 28, 8], [1, 1, 8, 16], 1, 'same'),
  conv([3, 14, 14, 32], [1, 1, 32, 64], 1, 'valid'),
  conv([2, 7, 7, 256], [1, 1, 256, 256], 1, 'same'),
  conv([1, 62, 62, 3], [7, 7, 3, 16], 2, 'valid'),
  conv([1, 56, 56, 3], [7, 7, 3, 16], 2, 3),
  conv([1, 57, 59, 3], [7, 7, 3, 8], 2, 'same'),
  conv([2, 28, 28, 16], [3, 3, 16, 16], 1, 'same'),
  conv([2, 28, 28, 16], [1, 1, 16, 64], 1, 'valid'),
  conv([2, 28, 28, 64], [1, 1, 64, 32], 2, 'valid'),
  conv([2, 27, 27, 64], [1, 1, 64, 32], 2, 'same'),
  conv([2, 14, 14, 32], [3, 3, 32, 32], 2, 'same'),
  conv([2, 15, 13, 32], [3, 3, 32, 32], 2, 1),
  conv([1, 7, 7, 64], [3, 3, 64, 64], 1, 'same'),
  conv([1, 7, 7, 64], [1, 1, 64, 512], 1, 'valid'),
  conv([1, 1, 1, 32], [1, 1, 32, 10], 1, 'valid'),
  conv([1, 12, 12, 4], [12, 12, 4, 6], 1, 'valid'),
  {
    input: [2, 11, 9, 5],
    filter: [3, 2, 5, 7],
    strides: [1, 2],
    pad: [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ],
  },
  {
    input: [2, 11, 9, 5],
    filter: [2, 3, 5, 7],
    strides: [3, 1],
    pad: [
      [0, 0],
      [4, 4],
      [5, 0],
      [0, 0],
    ],
  },
  {
    input: [1, 9, 9, 3],
    filter: [1, 1, 3, 4],
    strides: [3, 3],
    pad: [
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 0],
    ],
  },
]

const depthwise: readonly Convolution[] = [
  conv([2, 28, 28, 8], [3, 3, 8, 1], 1, 'same'),
  conv([2, 29, 29, 16], [3, 3, 16, 1], 2, 'valid'),
  conv([2, 28, 28, 32], [3, 3, 32, 1], 2, 'same'),
  conv([3, 14, 14, 64], [3, 3, 64, 1], 1, 'same'),
  conv([3, 7, 7, 128], [3, 3, 128, 1], 1, 'same'),
  conv([2, 15, 15, 12], [5, 5, 12, 1], 2, 'same'),
  conv([2, 9, 9, 4], [3, 3, 4, 3], 1, 'same'),
  conv([2, 10, 10, 4], [3, 3, 4, 2], 2, 'same'),
  conv([2, 6, 6, 8], [1, 1, 8, 1], 1, 'valid'),
  { input: [2, 16, 16, 6], filter: [3, 3, 6, 1], strides: [1, 1], pad: 'same', dilations: [2, 2] },
  { input: [2, 16, 15, 6], filter: [3, 2, 6, 2], strides: [1, 1], pad: 'valid', dilations: [3, 2] },
]

/** Anything that TensorFlow.js takes: strides, paddings, odd sides. */
function randomConvolution(random: () => number, isDepthwise: boolean): Convolution {
  const up = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
  const [height, width] = [up(1, 5), up(1, 5)]
  const dilated = isDepthwise && random() < 0.3
  const dilations: [number, number] = dilated ? [up(1, 3), up(1, 3)] : [1, 1]
  const strides: [number, number] = dilated ? [1, 1] : [up(1, 3), up(1, 3)]
  const [tall, broad] = [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1]
  const sides = (): [number, number] => [up(0, 3), up(0, 3)]
  const pads: Pad[] = ['same', 'valid', [[0, 0], sides(), sides(), [0, 0]]]
  return {
    input: [up(1, 4), tall + up(0, 9), broad + up(0, 9), up(1, 11)],
    filter: [height, width, 0, isDepthwise ? (random() < 0.3 ? up(2, 3) : 1) : up(1, 13)],
    strides,
    pad: pads[up(0, 2)]!,
    dilations,
  }
}

function randomConvolutions(count: number, seed: number, isDepthwise: boolean): Convolution[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const made = randomConvolution(random, isDepthwise)
    const [height, width, , last] = made.filter
    return { ...made, filter: [height, width, made.input[3], last] }
  })
}

async function expectGradients(c: Convolution, isDepthwise: boolean, seed: number): Promise<void> {
  const { input, filter, strides, pad, dilations = [1, 1] } = c
  const info = util.computeConv2DInfo(input, filter, strides, dilations, pad, 'floor', isDepthwise)
  const dy = noise(info.outShape, seed)
  const common = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', inputShape: input }
  const prefix = isDepthwise ? 'DepthwiseConv2dNative' : 'Conv2D'
  const label = JSON.stringify(c)
  const forFilter = kernel(`${prefix}BackpropFilter`, { ...common, dilations, filterShape: filter })
  const forInput = kernel(`${prefix}BackpropInput`, { ...common, dilations })
  // The cpu backend overlooks dilations. They are a filter with zeros between its taps, which it knows.
  const [down, right] = dilations
  const spread: Convolution['filter'] = [(filter[0] - 1) * down + 1, (filter[1] - 1) * right + 1, filter[2], filter[3]]
  const forSpreadFilter = kernel(`${prefix}BackpropFilter`, { ...common, dilations: 1, filterShape: spread })
  const forSpreadInput = kernel(`${prefix}BackpropInput`, { ...common, dilations: 1 })
  await expectSameOnCpu({ x: noise(input, seed + 1), dy }, forFilter, 1e-4, `dW ${label}`, (inputs) =>
    stridedSlice(forSpreadFilter(inputs) as Tensor, [0, 0, 0, 0], spread, [down, right, 1, 1]),
  )
  await expectSameOnCpu({ dy, filter: noise(filter, seed + 2) }, forInput, 1e-4, `dx ${label}`, (inputs) =>
    forSpreadInput({ dy: inputs.dy!, filter: spreadTaps(inputs.filter!, spread, dilations) }),
  )
}

function spreadTaps(filter: Tensor, shape: Convolution['filter'], [down, right]: [number, number]): Tensor {
  const size = shape[2] * shape[3]
  const values = filter.dataSync()
  const wide = new Float32Array(shape[0] * shape[1] * size)
  for (let row = 0; row < filter.shape[0]!; row++) {
    for (let column = 0; column < filter.shape[1]!; column++) {
      const from = (row * filter.shape[1]! + column) * size
      wide.set(values.subarray(from, from + size), (row * down * shape[1] + column * right) * size)
    }
  }
  return tensor(wide, shape)
}

describe.each([
  ['own', 1],
  ['own', 2],
  ['stock', 1],
  ['stock', 2],
] as const)('the gradients of convolutions on %s kernels and %i thread(s)', (kernels, threads) => {
  beforeAll(async () => {
    expect((await wasm({ threads, kernels }).start()).threads).toBe(threads)
  })

  it.each(convolutions)('equal those of the cpu backend: $input by $filter, strides $strides', async (c) => {
    await expectGradients(c, false, 1)
  })

  it.each(depthwise)('equal those of the cpu backend, depthwise: $input by $filter, strides $strides', async (c) => {
    await expectGradients(c, true, 2)
  })

  it('equal those of the cpu backend on 150 random convolutions', async () => {
    for (const [i, c] of randomConvolutions(150, 7, false).entries()) await expectGradients(c, false, 3 * i)
  })

  it('equal those of the cpu backend on 150 random depthwise convolutions', async () => {
    for (const [i, c] of randomConvolutions(150, 8, true).entries()) await expectGradients(c, true, 3 * i)
  })
})

it('refuses channels-first data with a word on what to do', async () => {
  await wasm({ threads: 2 }).start()
  const attributes = { strides: [1, 1], pad: 'valid', dataFormat: 'NCHW', filterShape: [1, 1, 1, 1] }
  await expect(
    expectSameOnCpu(
      { x: noise([1, 1, 4, 4], 1), dy: noise([1, 1, 4, 4], 2) },
      kernel('Conv2DBackpropFilter', attributes),
      1,
    ),
  ).rejects.toThrow(/NHWC/)
})
