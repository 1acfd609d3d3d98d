import '@tensorflow/tfjs-backend-cpu'
import { noise } from '@cnnkit/testing/numbers'
import {
  Conv2DBackpropInput,
  conv2d,
  depthwiseConv2d,
  engine,
  setBackend,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { wasm } from './index.ts'
import { replaced } from './kernels/stock.ts'

interface Shape {
  readonly name: string
  /** `[batch, side, side, channels]` */
  readonly input: [number, number, number, number]
  /** `[side, side, channels, filters]`, the last 1 in a depthwise one. */
  readonly filter: [number, number, number, number]
  readonly strides: number
  readonly depthwise?: boolean
}

const shapes: readonly Shape[] = [
  { name: 'ResNet-50 3x3, 56x56x64', input: [8, 56, 56, 64], filter: [3, 3, 64, 64], strides: 1 },
  { name: 'ResNet-50 3x3 / 2, 56x56x128', input: [8, 56, 56, 128], filter: [3, 3, 128, 128], strides: 2 },
  { name: 'ResNet-50 1x1, 28x28x512 to 128', input: [8, 28, 28, 512], filter: [1, 1, 512, 128], strides: 1 },
  { name: 'ResNet-50 3x3, 7x7x512', input: [8, 7, 7, 512], filter: [3, 3, 512, 512], strides: 1 },
  { name: 'MobileNet 1x1, 112x112x8 to 16', input: [16, 112, 112, 8], filter: [1, 1, 8, 16], strides: 1 },
  { name: 'MobileNet 1x1, 14x14x128', input: [16, 14, 14, 128], filter: [1, 1, 128, 128], strides: 1 },
  { name: 'MobileNet dw, 56x56x32', input: [16, 56, 56, 32], filter: [3, 3, 32, 1], strides: 1, depthwise: true },
  { name: 'MobileNet dw / 2, 28x28x64', input: [16, 28, 28, 64], filter: [3, 3, 64, 1], strides: 2, depthwise: true },
]

/** The best of some runs, in milliseconds. */
function best(runs: number, run: () => Tensor): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    run().dispose()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

interface Speed {
  readonly forward: number
  readonly filter: number
  readonly input: number
  /** The input gradient of TensorFlow.js' wasm backend as it comes. */
  readonly stock?: number
}

/** Multiply-adds a nanosecond of each kernel on the current backend. */
function speed({ input, filter, strides, depthwise }: Shape, runs: number, withStock: boolean): Speed {
  const [batch, side, , channels] = input
  const out = Math.ceil(side / strides)
  const multiplyAdds = batch * out * out * filter[0] * filter[1] * channels * filter[3]
  const x = tensor(noise(input, 1).values, input) as Tensor4D
  const w = tensor(noise(filter, 2).values, filter) as Tensor4D
  const shape = [batch, out, out, depthwise ? channels : filter[3]]
  const dy = tensor(noise(shape, 3).values, shape)
  const attributes = {
    strides: [strides, strides],
    pad: 'same',
    dataFormat: 'NHWC',
    dilations: 1,
    inputShape: input,
    filterShape: filter,
  }
  const run = (name: string, inputs: Record<string, Tensor>) => (): Tensor =>
    engine().runKernel(name, inputs, attributes as never) as Tensor
  const prefix = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D'
  const rate = (work: () => Tensor): number => multiplyAdds / best(runs, work) / 1e6
  const result = {
    forward: rate(() => tidy(() => (depthwise ? depthwiseConv2d : conv2d)(x, w.clone(), strides, 'same'))),
    filter: rate(run(`${prefix}BackpropFilter`, { x, dy })),
    input: rate(run(`${prefix}BackpropInput`, { dy, filter: w })),
  }
  let stock: number | undefined
  if (withStock && !depthwise) {
    const ours = replaced.get(Conv2DBackpropInput)!
    stock = rate(() => {
      const info = ours.kernelFunc({ inputs: { dy, filter: w }, attrs: attributes as never, backend: engine().backend })
      return engine().makeTensorFromTensorInfo(info as never)
    })
  }
  for (const t of [x, w, dy]) t.dispose()
  return { ...result, ...(stock === undefined ? {} : { stock }) }
}

const format = (value: number | undefined): string =>
  (value === undefined ? '' : value.toFixed(value < 1 ? 2 : 1)).padStart(6)

describe('the gradients of convolutions', () => {
  it('are at least five times as fast as on the cpu backend, in multiply-adds a nanosecond', async () => {
    const rows: string[] = ['| | cpu dW, dx | stock dx | 1 thread: forward, dW, dx | 2 threads: forward, dW, dx |']
    await setBackend('cpu')
    const onCpu = shapes.map((shape) =>
      speed({ ...shape, input: [1, ...shape.input.slice(1)] as Shape['input'] }, 1, false),
    )
    await wasm({ threads: 1, kernels: 'stock' }).start()
    const one = shapes.map((shape) => speed(shape, 5, true))
    await wasm({ threads: 2, kernels: 'stock' }).start()
    const two = shapes.map((shape) => speed(shape, 5, false))
    shapes.forEach(({ name }, i) => {
      const triple = ({ forward, filter, input }: Speed): string => [forward, filter, input].map(format).join(' ')
      const [c, a, b] = [onCpu[i]!, one[i]!, two[i]!]
      rows.push(
        `| ${name} | ${format(c.filter)} ${format(c.input)} | ${format(a.stock)} | ${triple(a)} | ${triple(b)} |`,
      )
      expect(Math.max(a.filter, b.filter) / c.filter, name).toBeGreaterThan(5)
      expect(Math.max(a.input, b.input) / c.input, name).toBeGreaterThan(5)
    })
    process.stdout.write(`${rows.join('\n')}\n`)
  })
})
