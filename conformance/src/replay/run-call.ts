import {
  adamUpdate,
  batchNormTraining,
  clipByValueGrad,
  fusedConv2dAdd,
  fusedGroupedConv2d,
  localResponseNorm,
  movingAverage,
  relu6Grad,
  reluGrad,
  rmsPropUpdate,
  scaleShift,
  sgdUpdate,
} from '@cnnkit/kernels'
import { engine, getKernel, grad, grads, type Tensor, type Tensor1D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../calls/kernel-call.ts'
import { tensorsOf, type Values } from './inputs.ts'

/** A result of a call. */
export interface Output {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: ArrayLike<number>
}

/** How a backend comes by a kernel: its own, one composed of others by `@cnnkit/kernels`, or not at all. */
export function formOn(kernel: string, backend: string): 'own' | 'composed' | 'missing' {
  if (getKernel(kernel, backend) !== undefined) return 'own'
  return kernel in houseKernels ? 'composed' : 'missing'
}

/** Runs a call on the current backend. No tensor is left behind. */
export async function runCall(call: KernelCall, values: Values): Promise<readonly Output[]> {
  const results = tidy(() => {
    const tensors = completed(call, tensorsOf(call, values))
    const run = houseKernels[call.kernel]
    const made = run
      ? run(tensors, call.attributes)
      : engine().runKernel(call.kernel, listed(tensors), { ...call.attributes } as never)
    return [made].flat() as Tensor[]
  })
  try {
    const outputs: Output[] = []
    for (const { shape, dtype } of results) {
      const result = results[outputs.length]!
      outputs.push({ shape, dtype, values: await result.data() })
    }
    return outputs
  } finally {
    for (const result of results) result.dispose()
  }
}

type Inputs = Readonly<Record<string, Tensor>>

/** Kernels of any number of inputs look at them as at a list. */
const listed = (inputs: Record<string, Tensor>): Record<string, Tensor> =>
  '0' in inputs ? (Object.values(inputs) as unknown as Record<string, Tensor>) : inputs

/** Inputs of gradients that are results of the forward kernel must be that, or the answer has no meaning. */
function completed({ kernel, attributes }: KernelCall, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const forward = (name: string, x: Tensor): Tensor =>
    engine().runKernel(name, { x }, { ...attributes } as never) as Tensor
  if (kernel === 'MaxPoolGrad') return { ...inputs, output: forward('MaxPool', inputs.input!) }
  return inputs
}

/** Kernels of the house run through their functions, which bring the composed form along. */
const houseKernels: Readonly<Record<string, (inputs: Inputs, attributes: KernelCall['attributes']) => unknown>> = {
  BatchNormTraining: ({ x, gamma, beta }, { epsilon }) => {
    const { y, mean, variance } = batchNormTraining(x!, gamma as Tensor1D, beta as Tensor1D, epsilon as number)
    return [y, mean, variance]
  },
  BatchNormTrainingGrad: ({ x, gamma, dy }, { epsilon }) => {
    const beta = gamma!.clone()
    const y = (...given: Tensor[]): Tensor =>
      batchNormTraining(given[0]!, given[1] as Tensor1D, given[2] as Tensor1D, epsilon as number).y
    return grads(y)([x!, gamma!, beta], dy)
  },
  LRN: ({ x }, attributes) => localResponseNorm(x as Tensor4D, attributes as never),
  LRNGrad: ({ x, dy }, attributes) => grad((x) => localResponseNorm(x as Tensor4D, attributes as never))(x!, dy),
  FusedConv2DAdd: (inputs, attributes) => fusedConv2dAdd(inputs as never, attributes as never),
  FusedGroupedConv2D: (inputs, attributes) => fusedGroupedConv2d(inputs as never, attributes as never),
  MovingAverage: (inputs, attributes) => movingAverage(inputs as never, attributes as never),
  ScaleShift: (inputs, attributes) => scaleShift(inputs as never, attributes as never),
  ReluGrad: ({ dy, y }) => reluGrad(dy!, y!),
  Relu6Grad: ({ dy, y }) => relu6Grad(dy!, y!),
  ClipByValueGrad: ({ dy, x }, attributes) => clipByValueGrad(dy!, x!, attributes as never),
  SgdUpdate: (inputs, attributes) => sgdUpdate(inputs as never, attributes as never),
  AdamUpdate: (inputs, attributes) => adamUpdate(inputs as never, attributes as never),
  RmsPropUpdate: (inputs, attributes) => rmsPropUpdate(inputs as never, attributes as never),
}
