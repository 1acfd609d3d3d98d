import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import {
  batchNorm4d,
  clipByValue,
  getGradient,
  grad,
  grads,
  mean,
  memory,
  mul,
  randomNormal,
  relu,
  relu6,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor4D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { installGradients } from './index.ts'

const replaced = ['Relu', 'Relu6', 'ClipByValue', 'FusedBatchNorm', 'Mean', 'Sum']
const undos: (() => void)[] = []

beforeAll(() => setBackend('cpu'))
afterEach(() => {
  for (const undo of undos.splice(0).reverse()) undo()
})

const install = (): void => {
  undos.push(installGradients())
}

const numbers = (tensor: Tensor): number[] => [...tensor.dataSync()]

/** dy is 10, 20, ..., so that each place is told from the others. */
const through = (run: (x: Tensor) => Tensor, x: number[]): number[] => {
  const dy = tensor1d(x.map((_, i) => 10 * (i + 1)))
  return numbers(grad((x: Tensor) => sum(mul(run(x), dy)))(tensor1d(x)))
}

describe('the gradients that are installed', () => {
  it('let dy through a ReLU where it gave more than zero', () => {
    install()
    expect(through(relu, [-1, 0, 1e-20, 7])).toEqual([0, 0, 30, 40])
  })

  it('let dy through a ReLU6 where it gave more than zero and less than six', () => {
    install()
    expect(through(relu6, [-1, 0, 1, 5.5, 6, 7])).toEqual([0, 0, 30, 40, 0, 0])
  })

  it('let dy through clipping where nothing was clipped, at the bounds too', () => {
    install()
    expect(through((x) => clipByValue(x, -1, 2), [-2, -1, 0, 2, 3])).toEqual([0, 20, 30, 40, 0])
  })

  it.each([
    ['relu', relu],
    ['relu6', relu6],
    ['clipping', (x: Tensor) => clipByValue(x, -0.5, 1)],
  ] as const)('equal those of TensorFlow.js: %s', (_, run) => {
    const values = numbers(randomNormal([200], 1, 4, 'float32', 3))
    const stock = through(run, values)
    install()
    expect(through(run, values)).toEqual(stock)
  })

  it.each([[[1, 2]], [[0]], [[-1]], [undefined], [[0, 1, 2, 3]]])(
    'equal those of TensorFlow.js for mean and sum: %j',
    (axis) => {
      const x = randomNormal([2, 3, 4, 5], 0, 1, 'float32', 1)
      const of = (): number[][] => [mean, sum].map((run) => numbers(grad((x: Tensor) => sum(square(run(x, axis))))(x)))
      const stock = of()
      install()
      of().forEach((values, i) => {
        values.forEach((value, at) => {
          expect(value).toBeCloseTo(stock[i]![at]!, 5)
        })
      })
    },
  )

  it('equal those of TensorFlow.js for a norm in inference', () => {
    const all = [
      randomNormal([2, 3, 3, 4], 0, 1, 'float32', 1),
      tensor1d([1, 2, 3, 4]),
      tensor1d([1, 2, 3, 4]),
      tensor1d([4, 3, 2, 1]),
      tensor1d([0, 1, 2, 3]),
    ]
    const direction = randomNormal([2, 3, 3, 4], 0, 1, 'float32', 2)
    const of = (): Tensor[] =>
      grads((x: Tensor, mean: Tensor, variance: Tensor, offset: Tensor, scale: Tensor) =>
        sum(
          mul(
            direction,
            batchNorm4d(x as Tensor4D, mean as never, variance as never, offset as never, scale as never, 1e-3),
          ),
        ),
      )(all)
    const stock = of().map(numbers)
    install()
    of().forEach((gradient, i) => {
      numbers(gradient).forEach((value, at) => {
        expect(value).toBeCloseTo(stock[i]![at]!, 5)
      })
    })
  })

  it('have gradients of their own, as in TensorFlow.js', () => {
    install()
    const second = grad((x: Tensor) => sum(mul(grad((x: Tensor) => sum(mul(relu(x), x)))(x), x)))
    // d/dx of x * (2x): of relu(x) * x where x > 0.
    expect(numbers(second(tensor1d([-1, 2, 3])))).toEqual([0, 8, 12])
  })

  it('leave nothing behind', () => {
    install()
    const [x, dy] = [tensor1d([-1, 2, 8]), tensor1d([1, 2, 3])]
    const before = memory().numTensors
    for (const run of [relu, relu6, (x: Tensor) => clipByValue(x, 0, 1)]) {
      tidy(() => grad((x: Tensor) => sum(mul(run(x), dy)))(x)).dispose()
    }
    expect(memory().numTensors).toBe(before)
  })
})

describe('installGradients', () => {
  it("gives TensorFlow.js' own back when it is undone, and only what it replaced", () => {
    const stock = replaced.map((name) => getGradient(name))
    const undo = installGradients()
    expect(replaced.map((name) => getGradient(name))).not.toEqual(stock)
    const ours = replaced.map((name) => getGradient(name))
    installGradients()()
    expect(replaced.map((name) => getGradient(name))).toEqual(ours)
    undo()
    replaced.forEach((name, i) => {
      expect(getGradient(name)).toBe(stock[i])
    })
  })
})
