import { FusedGroupedConv2D } from '@cnnkit/kernels'
import { FusedConv2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { free } from '../../memory/heap.ts'
import { concat, splitV } from '../slices.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { convolution } from './conv2d.ts'

/** A convolution in groups, each read and written where it lies among the others, `@cnnkit/kernels`' kernel. */
export const ownGroupedConv2d: WasmKernel = {
  kernelName: FusedGroupedConv2D,
  kernelFunc: (call) => convolution(call.backend, call.inputs, call.attributes) ?? composed(call),
}

/** Cut, convolved and joined by other kernels, for what our tiles do not take. */
const composed: WasmKernel['kernelFunc'] = ({ backend, inputs, attributes: { groups, ...attributes } }) => {
  const cut = (x: TensorInfo, axis: number): TensorInfo[] =>
    splitV.kernelFunc({ backend, inputs: { x }, attributes: { numOrSizeSplits: groups, axis } }) as TensorInfo[]
  const [xs, filters, biases] = [cut(inputs.x!, 3), cut(inputs.filter!, 3), cut(inputs.bias!, 0)]
  const ofGroup = { ...attributes, dataFormat: 'NHWC' }
  const parts = xs.map((x, i) => stock(backend, FusedConv2D, { x, filter: filters[i]!, bias: biases[i]! }, ofGroup))
  const list = Object.fromEntries(parts.entries())
  const result = concat.kernelFunc({ backend, inputs: list, attributes: { axis: 3 } })
  free(backend, ...xs, ...filters, ...biases, ...parts)
  return result
}
