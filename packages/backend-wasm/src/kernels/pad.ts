import { PadV2 } from '@tensorflow/tfjs-core'
import { copyPixels } from '../memory/copy-pixels.ts'
import { heapOf, offsetOf, sizeOf } from '../memory/heap.ts'
import { boxIn, extentOf } from './boxes.ts'
import { stock, type WasmKernel } from './stock.ts'

/** A tensor with a border of a constant, up to four axes. */
export const pad: WasmKernel = {
  kernelName: PadV2,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const x = inputs.x!
    const { paddings, constantValue } = attributes as { paddings: [number, number][]; constantValue: number }
    if (x.dtype !== 'float32' || x.shape.length > 4) return stock(backend, PadV2, inputs, attributes)
    const shape = x.shape.map((side, i) => paddings[i]![0] + side + paddings[i]![1])
    const result = backend.makeOutput(shape, 'float32')
    const start = offsetOf(backend, result)
    heapOf(backend).fill(constantValue, start, start + sizeOf(shape))
    const begin = paddings.map(([before]) => before)
    copyPixels(backend, boxIn(backend, x), boxIn(backend, result, begin), extentOf(x.shape))
    return result
  },
}
