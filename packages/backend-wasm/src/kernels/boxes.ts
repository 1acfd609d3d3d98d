import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Extent, Lattice } from '../memory/copy-pixels.ts'
import { offsetOf } from '../memory/heap.ts'

/** Where a part of a tensor of up to four axes lies that begins at some place; at its start unless given. */
export function boxIn(backend: BackendWasm, tensor: TensorInfo, begin: readonly number[] = []): Lattice {
  const [image, row, column, channel] = four(begin, 0)
  const [, height, width, channels] = four(tensor.shape, 1)
  return {
    offset: offsetOf(backend, tensor) + ((image * height + row) * width + column) * channels + channel,
    image: height * width * channels,
    row: width * channels,
    pixel: channels,
  }
}

/** How much of a tensor a part of that shape is. */
export function extentOf(shape: readonly number[]): Extent {
  const [images, rows, columns, channels] = four(shape, 1)
  return { images, rows, columns, channels }
}

/** With four axes, those before the first filled. */
function four(sides: readonly number[], fill: number): [number, number, number, number] {
  return [...Array<number>(4 - sides.length).fill(fill), ...sides] as [number, number, number, number]
}
