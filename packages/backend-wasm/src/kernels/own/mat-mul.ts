import { _FusedMatMul, BatchMatMul, backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import { engineOf } from '../../engine/engine.ts'
import { planned } from '../../engine/job.ts'
import { reshaped, sizeOf } from '../../memory/heap.ts'
import { fusedMatMul, matMul } from '../mat-mul.ts'
import type { WasmKernel } from '../stock.ts'
import { rangeOf } from './activation.ts'
import { convolve } from './conv2d.ts'
import { directPlan } from './plan.ts'
import { rowProduct } from './row-product.ts'

/** A product with one matrix, as in a dense layer, by the tiles of a 1x1 convolution. What they do not take goes on. */
export const ownMatMul: WasmKernel = {
  kernelName: BatchMatMul,
  kernelFunc: (call) => product(call) ?? matMul.kernelFunc(call),
}

/** The same with bias and activation. */
export const ownFusedMatMul: WasmKernel = {
  kernelName: _FusedMatMul,
  kernelFunc: (call) => product(call) ?? fusedMatMul.kernelFunc(call),
}

/** With fewer rows the weights are read once as they lie, and packing them would only cost time and memory. */
const fewestRows = 4

function product({ backend, inputs, attributes }: Parameters<WasmKernel['kernelFunc']>[0]): TensorInfo | undefined {
  const { a, b, bias } = inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo }
  const engine = engineOf(backend)
  const range = rangeOf(attributes.activation as string | undefined)
  if (engine === undefined || range === undefined || inputs.preluActivationWeights != null) return undefined
  if (attributes.transposeA || attributes.transposeB || a.dtype !== 'float32' || b.dtype !== 'float32') return undefined
  const [depth, columns] = b.shape.slice(-2) as [number, number]
  const rows = sizeOf(a.shape.slice(0, -1))
  if (sizeOf(b.shape) !== depth * columns || a.shape.at(-1) !== depth || b.shape.length > a.shape.length)
    return undefined
  if (rows * depth * columns === 0) return undefined
  if (bias != null && (bias.dtype !== 'float32' || sizeOf(bias.shape) !== columns)) return undefined
  const outShape = [...a.shape.slice(0, -1), columns]
  if (rows < fewestRows) {
    const result = rowProduct(backend, { x: a, rows, weights: b, bias: bias ?? undefined, range })
    return reshaped(result, outShape)
  }
  const info = backend_util.computeConv2DInfo([1, rows, 1, depth], [1, 1, depth, columns], 1, 1, 'valid')
  const plan = directPlan(info, engine)
  const written = planned({ ...plan, range })
  return convolve(backend, engine, { plan, planned: written, outShape, x: a, filter: b, bias: bias ?? undefined })
}
