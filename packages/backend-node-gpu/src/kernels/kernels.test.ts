import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import {
  adamUpdate,
  batchNormTraining,
  clipByValueGrad,
  movingAverage,
  relu6Grad,
  reluGrad,
  rmsPropUpdate,
  sgdUpdate,
} from '@cnnkit/kernels'
import {
  cast,
  clipByValue,
  dispose,
  engine,
  findBackend,
  fused,
  getGradient,
  getKernelsForBackend,
  grad,
  maxPool,
  memory,
  mul,
  ones,
  randomNormal,
  randomUniform,
  round,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { nodeGpu } from '../index.ts'
import { whyNoTfjsNode } from '../testing/tfjs-node.ts'
import { registerKernels, unregisterKernels } from './register.ts'
import type { TensorflowBackend } from './tensorflow.ts'

const why = await whyNoTfjsNode()
const skipped = why === undefined ? '' : ` (skipped: ${why})`

type Run = (inputs: Tensor[]) => Tensor | Tensor[]

const random = (shape: number[], seed: number): Tensor => randomNormal(shape, 0.3, 2, 'float32', seed)
const positive = (shape: number[], seed: number): Tensor => randomUniform(shape, 0.1, 2, 'float32', seed)

/** What it gives on a backend, each result with its shape, and that it leaves nothing behind but that. */
async function on(
  backend: string,
  given: readonly Tensor[],
  run: Run,
): Promise<{ shape: number[]; values: number[] }[]> {
  const data = given.map((one) => ({ values: [...one.dataSync()], shape: one.shape }))
  await setBackend(backend)
  const inputs = data.map(({ values, shape }) => tensor(values, shape))
  const before = memory().numTensors
  const outputs = tidy(() => run(inputs))
  const list = Array.isArray(outputs) ? outputs : [outputs]
  expect(memory().numTensors).toBe(before + list.length)
  const results = list.map((one) => ({ shape: one.shape, values: [...one.dataSync()] }))
  dispose([...inputs, ...list])
  await setBackend('cpu')
  return results
}

async function agree(given: readonly Tensor[], run: Run): Promise<void> {
  const [ours, expected] = [await on('tensorflow', given, run), await on('cpu', given, run)]
  expect(ours.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  ours.forEach(({ values }, i) => {
    const reference = expected[i]!.values
    const largest = Math.max(...reference.map(Math.abs), 1e-3)
    const worst = Math.max(...values.map((value, at) => Math.abs(value - reference[at]!)))
    expect(worst / largest).toBeLessThan(1e-5)
  })
}

describe.skipIf(why)(`the kernels on TensorFlow's own library${skipped}`, () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  beforeAll(async () => {
    await nodeGpu().start()
    await setBackend('cpu')
  })

  const shapes = [
    [8, 7, 7, 16],
    [2, 5, 3, 1],
    [40, 12],
    [3, 4, 5],
    [2, 3],
    [2, 1, 1, 5],
    [1, 1, 1, 4],
    [1, 6],
  ]

  it.each(shapes)('BatchNormTraining gives the population variance, as the composed form: %j', async (...shape) => {
    const channels = shape[shape.length - 1]!
    await agree([random(shape, 1), random([channels], 2), random([channels], 3)], ([x, gamma, beta]) => {
      const { y, mean, variance } = batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3)
      return [y, mean, variance]
    })
  })

  it('BatchNormTraining gives beta and no variance for a single value a channel', async () => {
    const [y, mean, variance] = await on(
      'tensorflow',
      [tensor([5, 7], [1, 1, 1, 2]), tensor([2, 2]), tensor([1, 3])],
      ([x, gamma, beta]) => Object.values(batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, 1e-3)) as Tensor[],
    )
    expect([y!.values, mean!.values, variance!.values]).toEqual([
      [1, 3],
      [5, 7],
      [0, 0],
    ])
  })

  it.each(shapes)('BatchNormTrainingGrad agrees with the composed form: %j', async (...shape) => {
    const channels = shape[shape.length - 1]!
    await agree(
      [random(shape, 1), random([channels], 2), random([channels], 3), random(shape, 4)],
      ([x, gamma, beta, direction]) =>
        valueAndGrads((x: Tensor, gamma: Tensor, beta: Tensor) =>
          sum(mul(batchNormTraining(x, gamma as Tensor1D, beta as Tensor1D, 0.1).y, direction!)),
        )([x!, gamma!, beta!]).grads,
    )
  })

  const around = (): Tensor => tensor([-1, 0, 1e-9, 0.5, 3, 5.999, 6, 7])

  it('ReluGrad, Relu6Grad, ClipByValueGrad and ClipByValue agree to the bit, at the bounds too', async () => {
    await agree([random([8], 1), around()], ([dy, x]) => [
      reluGrad(dy!, x!),
      relu6Grad(dy!, x!),
      clipByValueGrad(dy!, x!, { clipValueMin: 0, clipValueMax: 6 }),
      clipByValue(x!, 0, 6),
    ])
  })

  it('sums over any axes', async () => {
    await agree([random([4, 3, 5, 6], 1)], ([x]) => [
      sum(x!, [0, 1, 2]),
      sum(x!, [0, 1, 2], true),
      sum(x!, [1, 2]),
      sum(x!, [1, 2, 3]),
      sum(x!),
    ])
    await agree([random([4, 3], 1)], ([x]) => [sum(x!, 0), sum(x!, [-2]), sum(x!, 1)])
    await agree([random([5], 1)], ([x]) => sum(x!, 0))
    expect(await on('tensorflow', [tensor([1, 0])], ([x]) => sum(cast(x!, 'bool')))).toEqual([
      { shape: [], values: [1] },
    ])
  })

  type Window = Pick<Parameters<typeof fused.conv2d>[0], 'strides' | 'pad' | 'dilations'>
  const border: Window['pad'] = [
    [0, 0],
    [2, 1],
    [0, 3],
    [0, 0],
  ]
  const windows: Window[] = [
    { pad: 'same', strides: 1 },
    { pad: 'valid', strides: 2 },
    { pad: 'same', strides: 1, dilations: 2 },
    { pad: border, strides: [1, 2] },
  ]

  const convolves = (window: Window): Promise<void> =>
    agree([random([2, 9, 8, 3], 1), random([3, 3, 3, 5], 2), random([5], 3)], ([x, filter, bias]) =>
      (['linear', 'relu', 'relu6', 'sigmoid'] as const).map((activation) =>
        fused.conv2d({ x: x as Tensor4D, filter: filter as Tensor4D, bias: bias!, activation, ...window }),
      ),
    )

  it('adds one bias to all channels, and refuses a kernel for other channels', async () => {
    const run =
      (channels: number): Run =>
      ([x, bias]) =>
        fused.conv2d({ x: x as Tensor4D, filter: ones([1, 1, channels, 4]), strides: 1, pad: 'valid', bias: bias! })
    await agree([random([1, 3, 3, 2], 1), random([1], 2)], run(2))
    const direct: Run = ([x, bias, filter]) =>
      engine().runKernel(
        'FusedConv2D',
        { x: x!, filter: filter!, bias: bias! },
        { strides: 1, pad: 'valid', dilations: 1, dataFormat: 'NHWC' },
      ) as Tensor
    const wrong = [random([1, 3, 3, 2], 1), random([4], 2), random([1, 1, 3, 4], 3)]
    await expect(on('tensorflow', wrong, direct)).rejects.toThrow(/depth/)
    await setBackend('cpu')
  })

  it.each(windows)('convolves and adds the bias in one pass: %j', convolves)

  type Pool = [window: number | [number, number], strides: number, pad: 'same' | 'valid' | number, side: number]
  const pools: Pool[] = [
    [3, 2, 'same', 9],
    [3, 1, 'same', 6],
    [2, 2, 'valid', 7],
    [3, 2, 1, 10],
    [[2, 3], 1, 'valid', 8],
  ]

  const poolsBack = async (...[window, strides, pad, side]: Pool): Promise<void> => {
    // Whole numbers: windows have equal values, and their order decides.
    const x = tidy(() => round(randomUniform([2, side, side, 3], -2.5, 2.5, 'float32', 1)))
    const pooled = (x: Tensor): Tensor => sum(square(maxPool(x as Tensor4D, window, strides, pad)))
    await agree([x], ([x]) => grad(pooled)(x!))
    x.dispose()
  }

  it.each(pools)('gives the gradient of pooling the largest: window %j, stride %j, padding %j, side %i', poolsBack)

  it('refuses the gradient of a pool that is not of its shape', async () => {
    const attributes = { filterSize: 2, strides: 2, pad: 'valid' }
    const run: Run = ([input, dy]) =>
      engine().runKernel('MaxPoolGrad', { dy: dy!, input: input! }, attributes) as Tensor
    await expect(on('tensorflow', [random([1, 4, 4, 1], 1), random([1, 1, 2, 1], 2)], run)).rejects.toThrow(
      'Shapes 1,1,2,1 and 1,2,2,1 must match',
    )
    await setBackend('cpu')
  })

  it('has these two of oneDNN, which TensorFlow can be told to leave alone', async () => {
    const run = vi.spyOn(findBackend('tensorflow') as unknown as TensorflowBackend, 'executeMultipleOutputs')
    const names = (): string[] => run.mock.calls.map(([name]) => name).filter((name) => name.startsWith('_Mkl'))
    await convolves(windows[0]!)
    await poolsBack(...pools[3]!)
    expect(new Set(names())).toEqual(
      new Set(['_MklNativeConv2DWithBias', '_MklNativeMaxPool', '_MklNativeMaxPoolGrad']),
    )
    run.mockClear()
    vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', '0')
    await convolves(windows[3]!)
    await poolsBack(...pools[3]!)
    expect(names()).toEqual([])
  })

  it('MovingAverage agrees', async () => {
    await agree([random([7], 1), random([7], 2)], ([average, value]) =>
      movingAverage({ average: average!, value: value! }, { kept: 0.9, taken: 0.15 }),
    )
  })

  const decays = [
    { coupled: 0, kept: 1 },
    { coupled: 0.01, kept: 1 },
    { coupled: 0, kept: 0.99 },
  ]

  it.each(decays)('the updates of weights agree: %o', async (decay) => {
    const four = [random([3, 5], 1), random([3, 5], 2), random([3, 5], 3), positive([3, 5], 4)]
    await agree(four, ([weight, gradient, velocity, square]) => [
      ...sgdUpdate(
        { weight: weight!, gradient: gradient!, velocity: velocity! },
        { momentum: 0.9, gain: 1, pull: 0.1, nesterov: false, ...decay },
      ),
      ...sgdUpdate(
        { weight: weight!, gradient: gradient!, velocity: velocity! },
        { momentum: 0.9, gain: 0.1, pull: 1, nesterov: true, ...decay },
      ),
      ...adamUpdate(
        { weight: weight!, gradient: gradient!, mean: velocity!, square: square! },
        { beta1: 0.9, beta2: 0.999, epsilon: 1e-3, pull: 0.1, ...decay },
      ),
      ...[true, false].flatMap((epsilonInside) => {
        const attributes = { rho: 0.9, momentum: 0.9, epsilon: 0.1, epsilonInside, gain: 0.1, pull: 1, ...decay }
        const inputs = { weight: weight!, gradient: gradient!, square: square! }
        return [...rmsPropUpdate(inputs, attributes), ...rmsPropUpdate({ ...inputs, velocity: velocity! }, attributes)]
      }),
    ])
  })

  it('go, and leave the registry as it was', async () => {
    const names = (): string[] => getKernelsForBackend('tensorflow').map(({ kernelName }) => kernelName)
    const kernel = (name: string): unknown => getKernelsForBackend('tensorflow').find((one) => one.kernelName === name)
    const [ours, sumOfOurs] = [names(), kernel('Sum')]
    registerKernels()
    expect(kernel('Sum')).toBe(sumOfOurs)
    unregisterKernels()
    expect(names()).not.toContain('BatchNormTraining')
    expect(kernel('Sum')).toBeDefined()
    expect(kernel('Sum')).not.toBe(sumOfOurs)
    registerKernels()
    expect(names().sort()).toEqual(ours.sort())
  })

  it('are registered all or not at all', () => {
    unregisterKernels()
    const all = (): unknown[] => [...getKernelsForBackend('tensorflow'), getGradient('Relu')]
    const before = all()
    const { _tfGlobals } = globalThis as unknown as { _tfGlobals: Map<string, Map<string, unknown>> }
    const set = vi.spyOn(_tfGlobals.get('kernelRegistry')!, 'set')
    const broken = (): never => {
      throw new Error('a kernel that cannot be registered')
    }
    for (let i = 0; i < 5; i++) set.mockImplementationOnce(Map.prototype.set)
    set.mockImplementationOnce(broken)
    expect(registerKernels).toThrow('a kernel that cannot be registered')
    set.mockRestore()
    expect(new Set(all())).toEqual(new Set(before))
    registerKernels()
    expect(all()).not.toEqual(before)
  })
})
