import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import {
  add,
  clipByValue,
  concat,
  conv2d,
  grads,
  memory,
  mul,
  pad,
  randomNormal,
  relu,
  setBackend,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type FusedConv2DAttributes, fusedConv2dAdd, fusedGroupedConv2d, scaleShift } from './index.ts'

beforeAll(() => setBackend('cpu'))

const close = (a: Tensor, b: Tensor): void => {
  expect(a.shape).toEqual(b.shape)
  const [x, y] = [a.dataSync<'float32'>(), b.dataSync<'float32'>()]
  const largest = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeGreaterThan(0)
  expect(x.reduce((worst, value, i) => Math.max(worst, Math.abs(value - y[i]!)), 0) / largest).toBeLessThan(1e-6)
}

const random = (shape: number[], seed: number): Tensor => randomNormal(shape, 0, 1, 'float32', seed)

describe('fusedConv2dAdd', () => {
  const x = (): Tensor4D => random([2, 7, 7, 3], 1) as Tensor4D
  const filter = (): Tensor4D => random([3, 3, 3, 4], 2) as Tensor4D
  const bias = (): Tensor1D => random([4], 3) as Tensor1D
  const residual = (): Tensor4D => random([2, 4, 4, 4], 4) as Tensor4D
  const attributes: FusedConv2DAttributes = {
    strides: [2, 2],
    pad: [
      [0, 0],
      [2, 1],
      [1, 2],
      [0, 0],
    ],
    dilations: [1, 1],
    activation: 'relu6',
  }
  const written = (x: Tensor, filter: Tensor, bias: Tensor, residual: Tensor): Tensor => {
    const bordered = pad(x, [
      [0, 0],
      [2, 1],
      [1, 2],
      [0, 0],
    ]) as Tensor4D
    return clipByValue(add(add(conv2d(bordered, filter as Tensor4D, 2, 'valid'), bias), residual), 0, 6)
  }

  it('is the convolution, bias, sum and activation one after the other', () => {
    tidy(() => {
      const inputs = { x: x(), filter: filter(), bias: bias(), residual: residual() }
      close(fusedConv2dAdd(inputs, attributes), written(inputs.x, inputs.filter, inputs.bias, inputs.residual))
    })
  })

  it('has their gradient', () => {
    tidy(() => {
      const direction = random([2, 4, 4, 4], 5)
      const of = (run: (...all: Tensor[]) => Tensor): Tensor[] =>
        grads((...all: Tensor[]) => sum(mul(run(...all), direction)))([x(), filter(), bias(), residual()])
      const ours = of((x, filter, bias, residual) =>
        fusedConv2dAdd(
          { x: x as Tensor4D, filter: filter as Tensor4D, bias: bias as Tensor1D, residual: residual as Tensor4D },
          attributes,
        ),
      )
      of(written).forEach((gradient, i) => {
        close(ours[i]!, gradient)
      })
    })
  })

  it('leaves nothing behind but its result', () => {
    const inputs = { x: x(), filter: filter(), bias: bias(), residual: residual() }
    const before = memory().numTensors
    fusedConv2dAdd(inputs, attributes).dispose()
    expect(memory().numTensors).toBe(before)
    for (const tensor of Object.values(inputs)) tensor.dispose()
  })
})

describe('scaleShift', () => {
  it.each([[[2, 5, 4, 3]], [[40, 3]], [[2, 4, 3]]])(
    'multiplies, adds and activates channel by channel: %j',
    (shape) => {
      tidy(() => {
        const [x, scale, shift] = [random(shape, 1), random([3], 2) as Tensor1D, random([3], 3) as Tensor1D]
        close(scaleShift({ x, scale, shift }, { activation: 'relu' }), relu(add(mul(x, scale), shift)))
        close(scaleShift({ x, scale, shift }, { activation: 'linear' }), add(mul(x, scale), shift))
      })
    },
  )

  it('has the gradient of these', () => {
    tidy(() => {
      const all = [random([2, 5, 4, 3], 1), random([3], 2), random([3], 3)]
      const ours = grads((x: Tensor, scale: Tensor, shift: Tensor) =>
        sum(scaleShift({ x, scale: scale as Tensor1D, shift: shift as Tensor1D }, { activation: 'relu' })),
      )(all)
      grads((x: Tensor, scale: Tensor, shift: Tensor) => sum(relu(add(mul(x, scale), shift))))(all).forEach(
        (gradient, i) => {
          close(ours[i]!, gradient)
        },
      )
    })
  })
})

describe('fusedGroupedConv2d', () => {
  const inputs = () => ({
    x: random([2, 7, 6, 6], 1) as Tensor4D,
    filter: random([3, 3, 2, 9], 2) as Tensor4D,
    bias: random([9], 3) as Tensor1D,
  })
  const run = (x: Tensor, filter: Tensor, bias: Tensor): Tensor =>
    fusedGroupedConv2d(
      { x: x as Tensor4D, filter: filter as Tensor4D, bias: bias as Tensor1D },
      { groups: 3, strides: [2, 1], pad: 'same', dilations: [1, 1], activation: 'relu' },
    )
  const written = (x: Tensor, filter: Tensor, bias: Tensor): Tensor => {
    const parts = [0, 1, 2].map((group) => {
      const part = slice(x, [0, 0, 0, 2 * group], [2, 7, 6, 2]) as Tensor4D
      return conv2d(part, slice(filter, [0, 0, 0, 3 * group], [3, 3, 2, 3]) as Tensor4D, [2, 1], 'same')
    })
    return relu(add(concat(parts, 3), bias))
  }

  it('is a convolution of each part of the channels by its part of the filters', () => {
    tidy(() => {
      const { x, filter, bias } = inputs()
      close(run(x, filter, bias), written(x, filter, bias))
    })
  })

  it('has their gradient', () => {
    tidy(() => {
      const direction = random([2, 4, 6, 9], 5)
      const of = (run: (x: Tensor, filter: Tensor, bias: Tensor) => Tensor): Tensor[] =>
        grads((x: Tensor, filter: Tensor, bias: Tensor) => sum(mul(run(x, filter, bias), direction)))(
          Object.values(inputs()),
        )
      const theirs = of(written)
      of(run).forEach((gradient, i) => {
        close(gradient, theirs[i]!)
      })
    })
  })

  it('leaves nothing behind but its result', () => {
    const { x, filter, bias } = inputs()
    const before = memory().numTensors
    run(x, filter, bias).dispose()
    expect(memory().numTensors).toBe(before)
    for (const tensor of [x, filter, bias]) tensor.dispose()
  })
})
