import {
  AdamUpdate,
  type AdamUpdateAttributes,
  RmsPropUpdate,
  type RmsPropUpdateAttributes,
  SgdUpdate,
  type SgdUpdateAttributes,
  type UpdateAttributes,
} from '@cnnkit/kernels'
import { scalar, type TensorInfo } from '@tensorflow/tfjs-core'
import { floatOp, type KernelCall, type TensorflowKernel } from './tensorflow.ts'

// The composed forms by TensorFlow's operations themselves: what TensorFlow.js does around each operation costs more than the operation on
// most of a network's weights, which are short vectors. TensorFlow's own ResourceApply operations would copy what they change first.

/** See the kernel. */
export const sgdUpdate: TensorflowKernel = {
  kernelName: SgdUpdate,
  kernelFunc: (call) => {
    const { momentum, gain, nesterov } = call.attributes as unknown as SgdUpdateAttributes
    const { times, plus } = arithmetic(call)
    const newest = times(pulled(call), gain)
    const velocity = plus(times(call.inputs.velocity!, momentum), newest)
    return [moved(call, nesterov ? plus(newest, times(velocity, momentum)) : velocity), velocity]
  },
}

/** See the kernel. */
export const adamUpdate: TensorflowKernel = {
  kernelName: AdamUpdate,
  kernelFunc: (call) => {
    const { beta1, beta2, epsilon } = call.attributes as unknown as AdamUpdateAttributes
    const { times, plus, root, over, squared } = arithmetic(call)
    const g = pulled(call)
    const mean = plus(times(call.inputs.mean!, beta1), times(g, 1 - beta1))
    const square = plus(times(call.inputs.square!, beta2), times(squared(g), 1 - beta2))
    return [moved(call, over(mean, plus(root(square), scalar(epsilon)))), mean, square]
  },
}

/** See the kernel. */
export const rmsPropUpdate: TensorflowKernel = {
  kernelName: RmsPropUpdate,
  kernelFunc: (call) => {
    const { rho, momentum, epsilon, epsilonInside, gain } = call.attributes as unknown as RmsPropUpdateAttributes
    const { times, plus, root, over, squared } = arithmetic(call)
    const g = pulled(call)
    const square = plus(times(call.inputs.square!, rho), times(squared(g), 1 - rho))
    const below = epsilonInside ? root(plus(square, scalar(epsilon))) : plus(root(square), scalar(epsilon))
    const newest = times(over(g, below), gain)
    if (!call.inputs.velocity) return [moved(call, newest), square]
    const velocity = plus(times(call.inputs.velocity, momentum), newest)
    return [moved(call, velocity), square, velocity]
  },
}

function pulled(call: KernelCall): TensorInfo {
  const { coupled } = call.attributes as unknown as UpdateAttributes
  const { weight, gradient } = call.inputs
  const { times, plus } = arithmetic(call)
  return coupled === 0 ? gradient! : plus(gradient!, times(weight!, coupled))
}

function moved(call: KernelCall, movement: TensorInfo): TensorInfo {
  const { pull, kept } = call.attributes as unknown as UpdateAttributes
  const { times, minus } = arithmetic(call)
  return minus(times(call.inputs.weight!, kept), times(movement, pull))
}

interface Arithmetic {
  times(a: TensorInfo, factor: number): TensorInfo
  plus(a: TensorInfo, b: TensorInfo): TensorInfo
  minus(a: TensorInfo, b: TensorInfo): TensorInfo
  over(a: TensorInfo, b: TensorInfo): TensorInfo
  root(a: TensorInfo): TensorInfo
  squared(a: TensorInfo): TensorInfo
}

function arithmetic({ backend }: KernelCall): Arithmetic {
  return {
    times: (a, factor) => (factor === 1 ? a : floatOp(backend, 'Mul', a, scalar(factor))),
    plus: (a, b) => floatOp(backend, 'AddV2', a, b),
    minus: (a, b) => floatOp(backend, 'Sub', a, b),
    over: (a, b) => floatOp(backend, 'RealDiv', a, b),
    root: (a) => floatOp(backend, 'Sqrt', a),
    squared: (a) => floatOp(backend, 'Square', a),
  }
}
