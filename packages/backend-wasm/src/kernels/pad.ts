import { PadV2 } from '@tensorflow/tfjs-core'
import { copyPixels } from '../memory/copy-pixels.ts'
import { heapOf, offsetOf, sizeOf } from '../memory/heap.ts'
import { four } from './four-axes.ts'
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
    const to = offsetOf(backend, result)
    heapOf(backend).fill(constantValue, to, to + sizeOf(shape))
    const [image, row, column, channel] = four(
      paddings.map(([before]) => before),
      0,
    )
    const [, height, width, channels] = four(shape, 1)
    const [images, rows, columns, run] = four(x.shape, 1)
    copyPixels(
      backend,
      { offset: offsetOf(backend, x), image: rows * columns * run, row: columns * run, pixel: run },
      {
        offset: to + ((image * height + row) * width + column) * channels + channel,
        image: height * width * channels,
        row: width * channels,
        pixel: channels,
      },
      { images, rows, columns, channels: run },
    )
    return result
  },
}
