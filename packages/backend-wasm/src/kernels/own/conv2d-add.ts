import { FusedConv2DAdd } from '@cnnkit/kernels'
import { Add, FusedConv2D, Relu, Relu6 } from '@tensorflow/tfjs-core'
import { free } from '../../memory/heap.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { convolution } from './conv2d.ts'

/** A convolution with bias, residual sum and activation in one pass, `@cnnkit/kernels`' kernel. */
export const ownConv2dAdd: WasmKernel = {
  kernelName: FusedConv2DAdd,
  kernelFunc: (call) => convolution(call.backend, call.inputs, call.attributes) ?? composed(call),
}

/** One after the other by TensorFlow.js' own kernels, for what our tiles do not take. */
const composed: WasmKernel['kernelFunc'] = ({ backend, inputs, attributes }) => {
  const { x, filter, bias, residual } = inputs
  const { activation } = attributes
  const linear = { ...attributes, activation: 'linear', dataFormat: 'NHWC' }
  const convolved = stock(backend, FusedConv2D, { x, filter, bias }, linear)
  const sum = stock(backend, Add, { a: convolved, b: residual })
  free(backend, convolved)
  if (activation === 'linear') return sum
  const result = stock(backend, activation === 'relu' ? Relu : Relu6, { x: sum })
  free(backend, sum)
  return result
}
