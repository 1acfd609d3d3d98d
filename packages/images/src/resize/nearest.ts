// PIL's ImagingScaleAffine, src/libImaging/Geometry.c: positions are summed up step by step, as there.
import type { Pixels } from '../picture.ts'
import type { Axis } from './taps.ts'

/** Takes the source pixel in which the target pixel's centre falls. */
export function nearest(source: Pixels, across: Axis, down: Axis): Pixels {
  const { channels } = source
  const columns = positions(across)
  const rows = positions(down)
  const data = new Uint8Array(rows.length * columns.length * channels)
  let to = 0
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * source.width + column) * channels
      for (let channel = 0; channel < channels; channel++) data[to++] = source.data[from + channel]!
    }
  }
  return { data, width: columns.length, height: rows.length, channels }
}

function positions({ sourceSize, start, end, targetSize, offset, length }: Axis): Int32Array {
  const step = Math.fround(Math.fround(end) - Math.fround(start)) / targetSize
  const found = new Int32Array(length)
  let position = Math.fround(start) + step * 0.5
  for (let i = 0; i < offset + length; i++) {
    if (i >= offset) found[i - offset] = Math.min(Math.trunc(position), sourceSize - 1)
    position += step
  }
  return found
}
