// ImagingResampleHorizontal_8bpc and ImagingResampleVertical_8bpc, src/libImaging/Resample.c. The hot loops: what they
// store is clipped to 0-255 by the array, and two or three rows (all that `bilinear` reads up to a factor of 1.5) are unrolled.
import type { Pixels } from '../picture.ts'
import { PRECISION, type Taps } from './taps.ts'

const HALF = 1 << (PRECISION - 1)

type Bytes = Uint8Array

/** The same bytes as the one class of array that the loops are compiled for: several cost a fifth more time. */
function plainBytes(data: Pixels['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length)
}

/** Scales the rows `[top, bottom)`; row 0 of the result is row `top` of the source. */
export function horizontal(source: Pixels, taps: Taps, top: number, bottom: number): Pixels {
  const { width, channels } = source
  const target = new Uint8ClampedArray((bottom - top) * taps.first.length * channels)
  const rows = plainBytes(source.data).subarray(top * width * channels, bottom * width * channels)
  if (channels === 3) rgbRows(rows, target, width, taps)
  else anyRows(rows, target, { width, channels }, taps)
  return { data: plainBytes(target), width: taps.first.length, height: bottom - top, channels }
}

function rgbRows(source: Bytes, target: Uint8ClampedArray, width: number, taps: Taps): void {
  const { first, count, stride, weights } = taps
  for (let row = 0, to = 0; row < source.length; row += width * 3) {
    for (let x = 0; x < first.length; x++, to += 3) {
      let from = row + first[x]! * 3
      const end = x * stride + count[x]!
      let red = HALF
      let green = HALF
      let blue = HALF
      for (let tap = x * stride; tap < end; tap++, from += 3) {
        const weight = weights[tap]!
        red = (red + Math.imul(source[from]!, weight)) | 0
        green = (green + Math.imul(source[from + 1]!, weight)) | 0
        blue = (blue + Math.imul(source[from + 2]!, weight)) | 0
      }
      target[to] = red >> PRECISION
      target[to + 1] = green >> PRECISION
      target[to + 2] = blue >> PRECISION
    }
  }
}

function anyRows(
  source: Bytes,
  target: Uint8ClampedArray,
  { width, channels }: Pick<Pixels, 'width' | 'channels'>,
  { first, count, stride, weights }: Taps,
): void {
  for (let row = 0, to = 0; row < source.length; row += width * channels) {
    for (let x = 0; x < first.length; x++) {
      const end = x * stride + count[x]!
      for (let channel = 0; channel < channels; channel++) {
        let from = row + first[x]! * channels + channel
        let sum = HALF
        for (let tap = x * stride; tap < end; tap++, from += channels) {
          sum = (sum + Math.imul(source[from]!, weights[tap]!)) | 0
        }
        target[to++] = sum >> PRECISION
      }
    }
  }
}

/** Scales the columns; row 0 of the source is row `top` of the picture that the taps were made for. */
export function vertical(source: Pixels, { first, count, stride, weights }: Taps, top: number): Pixels {
  const { width, channels } = source
  const data = plainBytes(source.data)
  const line = width * channels
  const target = new Uint8ClampedArray(first.length * line)
  const sums = new Int32Array(line)
  for (let y = 0; y < first.length; y++) {
    const rows = data.subarray((first[y]! - top) * line, (first[y]! - top + count[y]!) * line)
    const row = target.subarray(y * line, (y + 1) * line)
    const taps = weights.subarray(y * stride, y * stride + count[y]!)
    if (taps.length === 2) twoRows(rows, row, taps)
    else if (taps.length === 3) threeRows(rows, row, taps)
    else manyRows(rows, row, taps, sums)
  }
  return { data: plainBytes(target), width, height: first.length, channels }
}

function twoRows(rows: Bytes, target: Uint8ClampedArray, taps: Int32Array): void {
  const line = target.length
  const a = taps[0]!
  const b = taps[1]!
  for (let i = 0; i < line; i++) {
    target[i] = (HALF + Math.imul(rows[i]!, a) + Math.imul(rows[line + i]!, b)) >> PRECISION
  }
}

function threeRows(rows: Bytes, target: Uint8ClampedArray, taps: Int32Array): void {
  const line = target.length
  const a = taps[0]!
  const b = taps[1]!
  const c = taps[2]!
  for (let i = 0; i < line; i++) {
    const ab = HALF + Math.imul(rows[i]!, a) + Math.imul(rows[line + i]!, b)
    target[i] = (ab + Math.imul(rows[2 * line + i]!, c)) >> PRECISION
  }
}

function manyRows(rows: Bytes, target: Uint8ClampedArray, taps: Int32Array, sums: Int32Array): void {
  const line = target.length
  sums.fill(HALF)
  let tap = 0
  for (; tap + 1 < taps.length; tap += 2) {
    const a = taps[tap]!
    const b = taps[tap + 1]!
    const above = tap * line
    const below = above + line
    for (let i = 0; i < line; i++) {
      sums[i] = (sums[i]! + Math.imul(rows[above + i]!, a) + Math.imul(rows[below + i]!, b)) | 0
    }
  }
  const last = tap < taps.length ? taps[tap]! : 0
  const from = tap < taps.length ? tap * line : 0
  for (let i = 0; i < line; i++) target[i] = (sums[i]! + Math.imul(rows[from + i]!, last)) >> PRECISION
}
