import '@tensorflow/tfjs-backend-cpu'
import { relativeError, seeded } from '@cnnkit/testing/numbers'
import { type backend_util, engine, memory, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { wasm } from '../../index.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'

type Info = backend_util.Conv2DInfo
type Four = [number, number, number, number]

/** A convolution's sizes: input, filter, stride, zeros above and left, below and right. */
interface Sizes {
  readonly depthwise?: boolean
  readonly input: Four
  readonly filter: Four
  readonly stride: number
  readonly pads: [number, number]
}

const attributesOf = ({ stride, pads: [before, after] }: Sizes): Conv2DAttributes => {
  const sides: [number, number] = [before, after]
  return {
    strides: [stride, stride],
    pad: [[0, 0], sides, sides, [0, 0]],
    dataFormat: 'NHWC',
    dimRoundingMode: 'floor',
  }
}

const values = (shape: readonly number[], random: () => number): Float32Array =>
  Float32Array.from({ length: shape.reduce((all, side) => all * side, 1) }, () => random() - 0.5)

/** Calls back for each product of a convolution, with where it reads and where it adds to. */
function eachTap(info: Info, visit: (x: number, tap: number, y: number) => void): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info
  for (let image = 0; image < batchSize; image++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++)
        for (let ky = 0; ky < filterHeight; ky++)
          for (let kx = 0; kx < filterWidth; kx++) {
            const [row, column] = [y * info.strideHeight + ky - padInfo.top, x * info.strideWidth + kx - padInfo.left]
            if (row < 0 || column < 0 || row >= inHeight || column >= inWidth) continue
            const pixel = (image * inHeight + row) * inWidth + column
            visit(pixel, ky * filterWidth + kx, (image * outHeight + y) * outWidth + x)
          }
}

/** What a loss that is dy times the output is, in doubles. */
function loss(
  info: Info,
  depthwise: boolean,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy: Float32Array,
): number {
  const { inChannels, outChannels } = info
  let sum = 0
  eachTap(info, (pixel, tap, out) => {
    for (let i = 0; i < inChannels; i++) {
      const value = x[pixel * inChannels + i]!
      if (depthwise) {
        sum += value * filter[tap * inChannels + i]! * dy[out * inChannels + i]!
        continue
      }
      const at = (tap * inChannels + i) * outChannels
      for (let o = 0; o < outChannels; o++) sum += value * filter[at + o]! * dy[out * outChannels + o]!
    }
  })
  return sum
}

/** Both gradients by our kernels, `[for the input, for the filter]`. */
function gradients(sizes: Sizes, x: Float32Array, filter: Float32Array, dy: Float32Array, outShape: number[]) {
  const attributes = { ...attributesOf(sizes), dilations: [1, 1], inputShape: sizes.input, filterShape: sizes.filter }
  const prefix = sizes.depthwise ? 'DepthwiseConv2dNative' : 'Conv2D'
  const tensors = { x: tensor(x, sizes.input), filter: tensor(filter, sizes.filter), dy: tensor(dy, outShape) }
  const run = (kernel: string, names: readonly ('x' | 'filter' | 'dy')[]): Float32Array => {
    const inputs = Object.fromEntries(names.map((name) => [name, tensors[name]]))
    const result = engine().runKernel(`${prefix}${kernel}`, inputs as never, attributes as never) as Tensor
    const read = result.dataSync() as Float32Array
    result.dispose()
    return read
  }
  const both = [run('BackpropInput', ['dy', 'filter']), run('BackpropFilter', ['x', 'dy'])] as const
  for (const made of Object.values(tensors)) made.dispose()
  return both
}

const conv = (input: Four, filter: Four, stride: number, before: number, after = before): Sizes => ({
  input,
  filter,
  stride,
  pads: [before, after],
})

const small: readonly Sizes[] = [
  conv([2, 5, 7, 16], [3, 3, 16, 17], 1, 1),
  conv([1, 7, 5, 20], [3, 3, 20, 16], 1, 0),
  conv([2, 4, 6, 16], [3, 3, 16, 24], 1, 2),
  conv([3, 2, 2, 16], [3, 3, 16, 16], 1, 1),
  conv([2, 1, 5, 16], [3, 3, 16, 16], 1, 1),
  conv([1, 7, 5, 9], [3, 3, 9, 11], 1, 1),
  conv([2, 7, 5, 11], [3, 3, 11, 9], 2, 0, 1),
  conv([1, 9, 7, 3], [7, 7, 3, 5], 2, 3),
  conv([1, 7, 9, 3], [5, 5, 3, 7], 2, 2, 1),
  conv([2, 6, 5, 4], [3, 3, 4, 9], 1, 0, 3),
  conv([3, 5, 6, 1], [2, 3, 1, 8], 3, 2, 0),
  conv([2, 5, 3, 13], [1, 1, 13, 10], 1, 0),
  conv([2, 5, 7, 6], [1, 1, 6, 9], 2, 0),
  conv([1, 7, 7, 5], [2, 4, 5, 3], 3, 1, 2),
]
const depthwise: readonly Sizes[] = [3, 5, 7].flatMap((side) =>
  [1, 2, 3].flatMap((stride) =>
    [0, 1, side >> 1].map((pad, i) => {
      const channels = [4, 7, 18][i]!
      return { ...conv([2, 9, 8 + i, channels], [side, side, channels, 1], stride, pad), depthwise: true }
    }),
  ),
)

describe.each([1, 3])('our own gradients on %i thread(s)', (threads) => {
  beforeAll(async () => void (await wasm({ threads, kernels: 'own' }).start()))
  afterEach(() => expect(memory().numTensors).toBe(0))

  // A convolution is linear in its input and in its filter, so that a difference of any step is the slope.
  it.each([...small, ...depthwise, { ...conv([1, 5, 5, 3], [3, 3, 3, 1], 1, 1), depthwise: true }])(
    'are what central differences say: $input by $filter, stride $stride, pads $pads',
    (sizes) => {
      const info = convolutionOf(sizes.input, sizes.filter, attributesOf(sizes), sizes.depthwise ?? false)
      const random = seeded(sizes.input.concat(sizes.filter).reduce((all, side) => 31 * all + side, sizes.stride))
      const [x, filter, dy] = [sizes.input, sizes.filter, info.outShape].map((shape) => values(shape, random)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ]
      const both = gradients(sizes, x, filter, dy, info.outShape)
      const at = (dx: Float64Array, dw: Float64Array, by: number): number => {
        const moved = (from: Float32Array, step: Float64Array): Float64Array =>
          Float64Array.from(from, (value, i) => value + by * step[i]!)
        return loss(info, sizes.depthwise ?? false, moved(x, dx), moved(filter, dw), dy)
      }
      const still = [new Float64Array(x.length), new Float64Array(filter.length)] as const
      both.forEach((gradient, of) => {
        for (let direction = 0; direction < 3; direction++) {
          const step = Float64Array.from(gradient, () => (random() < 0.5 ? -1 : 1))
          const pair = [of === 0 ? step : still[0], of === 1 ? step : still[1]] as const
          const difference = (at(...pair, 1) - at(...pair, -1)) / 2
          const slope = gradient.reduce((sum, value, i) => sum + value * step[i]!, 0)
          const scale = Math.hypot(...gradient.slice(0, 10_000))
          expect(Math.abs(slope - difference) / Math.max(scale, 1e-6)).toBeLessThan(1e-5)
        }
      })
    },
  )

  // Of blocks of tiles, groups of channels and what is left of both.
  it.each([
    conv([2, 15, 17, 72], [3, 3, 72, 72], 1, 1),
    conv([1, 14, 14, 136], [3, 3, 136, 76], 1, 1),
    conv([5, 7, 7, 64], [3, 3, 64, 130], 1, 1),
    conv([2, 9, 11, 65], [3, 3, 65, 68], 1, 0),
  ])('by Winograd’s products are within 1e-5 of the direct sum: $input by $filter', (sizes) => {
    const info = convolutionOf(sizes.input, sizes.filter, attributesOf(sizes))
    const random = seeded(sizes.input[1])
    const [x, filter, dy] = [sizes.input, sizes.filter, info.outShape].map((shape) => values(shape, random)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const [dx, dw] = gradients(sizes, x, filter, dy, info.outShape)
    const { inChannels, outChannels } = info
    const sums = [new Float64Array(x.length), new Float64Array(filter.length)] as const
    eachTap(info, (pixel, tap, out) => {
      for (let i = 0; i < inChannels; i++) {
        const at = (tap * inChannels + i) * outChannels
        const value = x[pixel * inChannels + i]!
        let back = 0
        for (let o = 0; o < outChannels; o++) {
          const gradient = dy[out * outChannels + o]!
          sums[1][at + o]! += value * gradient
          back += filter[at + o]! * gradient
        }
        sums[0][pixel * inChannels + i]! += back
      }
    })
    expect(relativeError(dx, sums[0])).toBeLessThan(1e-5)
    expect(relativeError(dw, sums[1])).toBeLessThan(1e-5)
  })
})
