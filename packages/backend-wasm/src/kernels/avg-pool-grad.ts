import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { AvgPoolGrad, backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import { free, heapOf, offsetOf } from '../memory/heap.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of average pooling. TensorFlow.js' own divides by the size of the window, also at borders, where the forward kernel
 * divides by the values that lie on the input: so dy is made larger there first.
 */
export const avgPoolGrad: WasmKernel = {
  kernelName: AvgPoolGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>
    const { filterSize, strides, pad, dimRoundingMode } = attributes as {
      filterSize: number | [number, number]
      strides: number | [number, number]
      pad: 'valid' | 'same' | number
      dimRoundingMode?: 'floor' | 'round' | 'ceil'
    }
    const shape = input.shape as [number, number, number, number]
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    if (info.padInfo.type === 'VALID') return stock(backend, AvgPoolGrad, inputs, attributes)
    const raised = raisedAtBorders(backend, info, dy)
    const dx = stock(backend, AvgPoolGrad, { dy: raised, input }, attributes)
    free(backend, raised)
    return dx
  },
}

function raisedAtBorders(backend: BackendWasm, info: backend_util.Conv2DInfo, dy: TensorInfo): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels, padInfo } = info
  const raised = backend.makeOutput(dy.shape, 'float32')
  const inside = (at: number, padding: number, stride: number, size: number, length: number): number =>
    Math.min(length, at * stride - padding + size) - Math.max(0, at * stride - padding)
  const heap = heapOf(backend)
  let [from, to] = [offsetOf(backend, dy), offsetOf(backend, raised)]
  for (let row = 0; row < batchSize * outHeight; row++) {
    const rows = inside(row % outHeight, padInfo.top, info.strideHeight, info.filterHeight, info.inHeight)
    for (let x = 0; x < outWidth; x++) {
      const columns = inside(x, padInfo.left, info.strideWidth, info.filterWidth, info.inWidth)
      const by = (info.filterHeight * info.filterWidth) / (rows * columns)
      for (let c = 0; c < outChannels; c++) heap[to++] = heap[from++]! * by
    }
  }
  return raised
}
