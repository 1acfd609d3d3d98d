import { CnnkitError } from '@cnnkit/errors'
import { batchNormTraining } from '@cnnkit/kernels'
import {
  batchNorm as batchNormInference,
  conv2d,
  depthwiseConv2d,
  engine,
  getBackend,
  getGradient,
  grads,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { batchNorm, convolution, depthwise, type Numbers, batchNormTraining as training } from './self-test-numbers.ts'

/** Options of {@link selfTest}. */
export interface SelfTestOptions {
  /** The relative error allowed, max |a - b| / max |b|; 1e-3 unless given, and 1e-2 where the backend stores values in 16 bits. */
  readonly tolerance?: number
}

/** What a check of one kernel gives, and what is right. */
interface Check {
  /** As TensorFlow.js names it. */
  readonly kernel: string
  readonly expected: Numbers
  readonly run: () => Tensor
}

/**
 * Runs on the current backend what each of our networks needs to be right (convolutions, depthwise convolutions and
 * batch norm, forward and backward, a few dozen values each) and compares it with numbers that were worked out in NumPy.
 *
 * @throws `SELF_TEST_FAILED` with the kernel that is wrong, or missing, and the numbers
 */
export async function selfTest(options: SelfTestOptions = {}): Promise<void> {
  const { tolerance = isHalf() ? 1e-2 : 1e-3 } = options
  for (const check of checks()) await verify(check, tolerance)
}

/** A backend that cannot say keeps what most keep. */
function isHalf(): boolean {
  try {
    return engine().backend.floatPrecision() === 16
  } catch {
    return false
  }
}

function checks(): Check[] {
  return [
    ...convolutionChecks('Conv2D', convolution, 'Conv2D', () =>
      conv2d(of(convolution.x) as Tensor4D, of(convolution.filter) as Tensor4D, 2, 'same'),
    ),
    ...convolutionChecks('DepthwiseConv2dNative', depthwise, 'DepthwiseConv2dNative', () =>
      depthwiseConv2d(of(depthwise.x) as Tensor4D, of(depthwise.filter) as Tensor4D, 2, 'same'),
    ),
    ...inferenceChecks(),
    ...trainingChecks(),
  ]
}

// By their kernels and not through `grads`: TensorFlow.js registers gradients only once tfjs-layers is loaded.
function convolutionChecks(
  kernel: string,
  numbers: typeof convolution,
  prefix: string,
  forward: () => Tensor,
): Check[] {
  const { x, filter, y, dy, dx, dfilter } = numbers
  const attributes = {
    strides: [2, 2],
    dilations: [1, 1],
    pad: 'same',
    dataFormat: 'NHWC',
    inputShape: x.shape,
    filterShape: filter.shape,
  }
  const run = (name: string, inputs: Record<string, Tensor>): Tensor =>
    engine().runKernel(name, inputs, attributes) as Tensor
  const [forInput, forFilter] = [`${prefix}BackpropInput`, `${prefix}BackpropFilter`]
  return [
    { kernel, expected: y, run: forward },
    { kernel: forInput, expected: dx, run: () => run(forInput, { dy: of(dy), filter: of(filter) }) },
    { kernel: forFilter, expected: dfilter, run: () => run(forFilter, { x: of(x), dy: of(dy) }) },
  ]
}

const epsilon = 1e-3

function inferenceChecks(): Check[] {
  const { x, mean, variance, gamma, beta, y, dy, dx, dgamma, dbeta } = batchNorm
  const forward = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
    const [means, variances] = [of(mean) as Tensor1D, of(variance) as Tensor1D]
    return batchNormInference(x, means, variances, beta as Tensor1D, gamma as Tensor1D, epsilon)
  }
  const value: Check = { kernel: 'FusedBatchNorm', expected: y, run: () => forward(of(x), of(gamma), of(beta)) }
  if (getGradient('FusedBatchNorm') === undefined) return [value]
  const gradient = (i: number) => () => grads(forward)([of(x), of(gamma), of(beta)], of(dy))[i]!
  return [
    value,
    ...[dx, dgamma, dbeta].map((expected, i) => ({
      kernel: 'the gradient of FusedBatchNorm',
      expected,
      run: gradient(i),
    })),
  ]
}

function trainingChecks(): Check[] {
  const { x, gamma, beta, y, mean, variance, dy, dx, dgamma, dbeta } = training
  const forward = (x: Tensor, gamma: Tensor, beta: Tensor): ReturnType<typeof batchNormTraining> =>
    batchNormTraining(x, gamma as Tensor1D, beta as Tensor1D, epsilon)
  const result = (): ReturnType<typeof batchNormTraining> => forward(of(x), of(gamma), of(beta))
  const gradient = (i: number) => () =>
    grads((...inputs: Tensor[]) => forward(inputs[0]!, inputs[1]!, inputs[2]!).y)([of(x), of(gamma), of(beta)], of(dy))[
      i
    ]!
  return [
    { kernel: 'BatchNormTraining', expected: y, run: () => result().y },
    { kernel: 'BatchNormTraining', expected: mean, run: () => result().mean },
    { kernel: 'BatchNormTraining', expected: variance, run: () => result().variance },
    ...[dx, dgamma, dbeta].map((expected, i) => ({ kernel: 'BatchNormTrainingGrad', expected, run: gradient(i) })),
  ]
}

function of({ values, shape }: Numbers): Tensor {
  return tensor(values, shape)
}

async function verify({ kernel, expected, run }: Check, tolerance: number): Promise<void> {
  const actual = await valuesOf(kernel, run)
  const largest = Math.max(...expected.values.map(Math.abs))
  const errors = expected.values.map((value, i) => Math.abs((actual[i] ?? Number.NaN) - value) / largest)
  const wrong = errors.findIndex((error) => !(error <= tolerance))
  if (wrong < 0 && actual.length === errors.length) return
  const worst = errors.reduce((most, error, i) => (error > errors[most]! ? i : most), Math.max(0, wrong))
  throw new CnnkitError(
    'backend',
    'SELF_TEST_FAILED',
    `On the backend "${getBackend()}" ${kernel} is wrong: value ${worst} of ${errors.length} is ${actual[worst]}, not ${expected.values[worst]}. Do not use this backend here.`,
  )
}

async function valuesOf(kernel: string, run: () => Tensor): Promise<ArrayLike<number>> {
  let result: Tensor | undefined
  try {
    result = tidy(run)
    return await result.data()
  } catch (error) {
    throw new CnnkitError(
      'backend',
      'SELF_TEST_FAILED',
      `On the backend "${getBackend()}" ${kernel} does not run: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  } finally {
    result?.dispose()
  }
}
