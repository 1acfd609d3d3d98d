import { type TensorInfo, UnsortedSegmentSum } from '@tensorflow/tfjs-core'
import { heapOf, offsetOf, sizeOf, tensorOf, wordsOf } from '../memory/heap.ts'
import type { WasmKernel } from './stock.ts'

/**
 * Sums of the rows that have the same segment number, the gradient of `gather`, which TensorFlow.js' wasm backend lacks:
 * x `[rows, ...]` and numbers `[rows]` to `[numSegments, ...]`. Rows with a number outside are dropped.
 */
export const unsortedSegmentSum: WasmKernel = {
  kernelName: UnsortedSegmentSum,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo }
    const { numSegments } = attributes as { numSegments: number }
    const rest = x.shape.slice(segmentIds.shape.length)
    const width = sizeOf(rest)
    const shape = [numSegments, ...rest]
    const result =
      x.dtype === 'float32'
        ? tensorOf(backend, shape, new Float32Array(numSegments * width))
        : backend.makeOutput(shape, x.dtype, undefined, new Int32Array(numSegments * width))
    const heap = x.dtype === 'float32' ? heapOf(backend) : wordsOf(backend)
    const numbers = wordsOf(backend)
    const [from, ids, to] = [x, segmentIds, result].map((tensor) => offsetOf(backend, tensor)) as [
      number,
      number,
      number,
    ]
    for (let row = 0; row < sizeOf(segmentIds.shape); row++) {
      const segment = numbers[ids + row]!
      if (segment < 0 || segment >= numSegments) continue
      for (let i = 0; i < width; i++) heap[to + segment * width + i]! += heap[from + row * width + i]!
    }
    return result
  },
}
