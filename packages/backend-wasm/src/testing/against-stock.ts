import { noise, relativeError } from '@cnnkit/testing/numbers'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { engine, type NamedAttrMap, type Tensor, type TensorInfo, tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { stock, type WasmKernel } from '../kernels/stock.ts'

/** A call of a kernel. */
export interface Call {
  readonly kernel: string
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly attributes: object
}

/** The relative error of our kernel against TensorFlow.js' own for the same inputs, on the backend that runs. */
export function errorAgainstStock({ kernel, inputs, attributes }: Call, seed: number): number {
  return error(kernel, inputs, attributes, seed, (backend, tensors) => stock(backend, kernel, tensors, attributes))
}

/** The same against the kernel that stands in where ours does not take a call. */
export function errorAgainst(composed: WasmKernel, inputs: Call['inputs'], attributes: object, seed: number): number {
  return error(
    composed.kernelName,
    inputs,
    attributes,
    seed,
    (backend, tensors) =>
      composed.kernelFunc({
        backend,
        inputs: tensors,
        attributes: attributes as Readonly<Record<string, unknown>>,
      }) as TensorInfo,
  )
}

function error(
  kernel: string,
  inputs: Call['inputs'],
  attributes: object,
  seed: number,
  reference: (backend: BackendWasm, tensors: Readonly<Record<string, Tensor>>) => TensorInfo,
): number {
  const backend = engine().backend as BackendWasm
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, shape], i) => [name, tensor(pooled(shape, seed + i), [...shape])]),
  )
  const ours = engine().runKernel(kernel, tensors, attributes as NamedAttrMap) as Tensor
  const theirs = reference(backend, tensors)
  expect(ours.shape).toEqual(theirs.shape)
  const worst = relativeError(ours.dataSync(), backend.readSync(theirs.dataId) as Float32Array)
  backend.disposeData(theirs.dataId)
  for (const made of [ours, ...Object.values(tensors)]) made.dispose()
  return worst
}

/** A convolution with bias and activation, or a depthwise one. */
export function convolutionCall(options: {
  readonly depthwise?: boolean
  readonly input: readonly [number, number, number, number]
  readonly filter: readonly [number, number, number, number]
  readonly strides: readonly [number, number]
  readonly pad: 'same' | 'valid' | number
  readonly dilations: readonly [number, number]
  readonly activation?: 'linear' | 'relu' | 'relu6'
}): Call {
  const { depthwise = false, input, filter, strides, pad, dilations, activation } = options
  const name = depthwise ? 'DepthwiseConv2D' : 'Conv2D'
  const bias = [filter[3] * (depthwise ? filter[2] : 1)]
  const attributes = { strides, pad, dilations, dataFormat: 'NHWC', activation }
  if (activation === undefined) {
    return { kernel: depthwise ? 'DepthwiseConv2dNative' : name, inputs: { x: input, filter }, attributes }
  }
  return { kernel: `Fused${name}`, inputs: { x: input, filter, bias }, attributes }
}

/** A prime, so that no shape repeats with the pool. */
const pool = noise([65_521], 7).values as Float32Array

/** Noise from a pool: drawing it anew for each filter takes longer than the convolution. */
function pooled(shape: readonly number[], seed: number): Float32Array {
  const start = (seed * 7919) % pool.length
  const size = shape.reduce((all, side) => all * side, 1)
  return Float32Array.from({ length: size }, (_, i) => pool[(start + i) % pool.length]!)
}
