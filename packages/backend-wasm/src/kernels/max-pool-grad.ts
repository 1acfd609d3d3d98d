import { backend_util, MaxPoolGrad, type TensorInfo } from '@tensorflow/tfjs-core'
import { heapOf, offsetOf, sizeOf } from '../memory/heap.ts'
import type { WasmKernel } from './stock.ts'

/**
 * The gradient of max pooling: each dy goes to the first value of its window that is the maximum, as in TensorFlow.
 *
 * In place of TensorFlow.js' own, which gives windows without a positive value none (it starts from the smallest positive
 * float as if that were the lowest), picks the last of equal values, and takes ten times as long.
 */
export const maxPoolGrad: WasmKernel = {
  kernelName: MaxPoolGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', TensorInfo>
    const { filterSize, strides, pad, dimRoundingMode } = attributes as {
      filterSize: number | [number, number]
      strides: number | [number, number]
      pad: 'valid' | 'same' | number
      dimRoundingMode?: 'floor' | 'round' | 'ceil'
    }
    const shape = input.shape as [number, number, number, number]
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    const dx = backend.makeOutput(shape, 'float32')
    const [x, y, from, to] = [input, output, dy, dx].map((tensor) => offsetOf(backend, tensor))
    const heap = heapOf(backend)
    heap.fill(0, to!, to! + sizeOf(shape))
    passBack(heap, info, { x: x!, y: y!, dy: from!, dx: to! })
    return dx
  },
}

/** Where the tensors start in the heap. */
interface Offsets {
  readonly x: number
  readonly y: number
  readonly dy: number
  readonly dx: number
}

function passBack(heap: Float32Array, info: backend_util.Conv2DInfo, { x, y, dy, dx }: Offsets): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info
  let output = 0
  for (let image = 0; image < batchSize; image++) {
    const first = image * inHeight * inWidth
    for (let row = 0; row < outHeight; row++) {
      const corner = row * info.strideHeight - padInfo.top
      const top = Math.max(0, corner)
      const bottom = Math.min(inHeight, corner + info.filterHeight)
      for (let column = 0; column < outWidth; column++) {
        const edge = column * info.strideWidth - padInfo.left
        const left = Math.max(0, edge)
        const right = Math.min(inWidth, edge + info.filterWidth)
        for (let c = 0; c < inChannels; c++, output++) {
          const at = firstEqual(heap, x + c, heap[y + output]!, first, inWidth, inChannels, top, bottom, left, right)
          if (at >= 0) heap[dx + c + at]! += heap[dy + output]!
        }
      }
    }
  }
}

/** How far after `from` the first pixel of the window lies that has the value; -1 if none has, as when it is NaN. */
function firstEqual(
  heap: Float32Array,
  from: number,
  value: number,
  first: number,
  width: number,
  channels: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
): number {
  for (let row = top; row < bottom; row++) {
    let at = (first + row * width + left) * channels
    for (let column = left; column < right; column++, at += channels) if (heap[from + at] === value) return at
  }
  return -1
}
