import {
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inHeightAt,
  inPixelAt,
  inputAt,
  inWidthAt,
  outHeightAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  strideHeightAt,
  strideWidthAt,
  zerosAt,
} from '../src/engine/job-fields'
import { address, field } from './job'
import { copyWords } from './lanes'
import { tileRows } from './tile'

/** Where the input pixel of a tap lies, or zeros where that is outside: padding costs nothing, and nothing is copied. */
export function pixelAt(job: usize, image: i32, y: i32, x: i32): usize {
  const height = field(job, inHeightAt)
  const width = field(job, inWidthAt)
  if (<u32>y >= <u32>height || <u32>x >= <u32>width) return address(job, zerosAt)
  const pixel = (image * height + y) * width + x
  return address(job, inputAt) + ((<usize>pixel * <usize>field(job, inPixelAt)) << 2)
}

/**
 * Writes the addresses that tiles read: for each tile, each tap, its rows, `[tiles, taps, tileRows]`. One table serves
 * 1x1 and larger filters, any stride and dilation.
 */
export function fillTable(job: usize, table: usize, first: i32, count: i32): void {
  const filterHeight = field(job, filterHeightAt)
  const filterWidth = field(job, filterWidthAt)
  const dilationHeight = field(job, dilationHeightAt)
  const dilationWidth = field(job, dilationWidthAt)
  const outWidth = field(job, outWidthAt)
  const outPixels = field(job, outHeightAt) * outWidth
  const tapBytes = (<usize>tileRows) << 2
  const tileBytes = <usize>(filterHeight * filterWidth) * tapBytes
  const padded = ((count + tileRows - 1) / tileRows) * tileRows
  for (let i = 0; i < padded; i++) {
    const row = first + min(i, count - 1)
    const image = row / outPixels
    const pixel = row - image * outPixels
    const outY = pixel / outWidth
    const top = outY * field(job, strideHeightAt) - field(job, padTopAt)
    const left = (pixel - outY * outWidth) * field(job, strideWidthAt) - field(job, padLeftAt)
    let to = table + <usize>(i / tileRows) * tileBytes + ((<usize>(i % tileRows)) << 2)
    for (let y = 0; y < filterHeight; y++) {
      for (let x = 0; x < filterWidth; x++) {
        store<u32>(to, <u32>pixelAt(job, image, top + y * dilationHeight, left + x * dilationWidth))
        to += tapBytes
      }
    }
  }
}

/**
 * For inputs of few channels, such as pictures: copies what the taps of each row read one after the other to `patches`,
 * `[rows, taps * channels]`, and writes a table of these, of one long tap.
 */
export function gatherPatches(job: usize, table: usize, patches: usize, first: i32, count: i32): void {
  const channels = field(job, inChannelsAt)
  const filterHeight = field(job, filterHeightAt)
  const filterWidth = field(job, filterWidthAt)
  const outWidth = field(job, outWidthAt)
  const outPixels = field(job, outHeightAt) * outWidth
  const dilationWidth = field(job, dilationWidthAt)
  const height = field(job, inHeightAt)
  const width = field(job, inWidthAt)
  const dense = dilationWidth === 1 && field(job, inPixelAt) === channels
  let to = patches
  for (let i = 0; i < count; i++) {
    store<u32>(table + ((<usize>i) << 2), <u32>to)
    const row = first + i
    const image = row / outPixels
    const pixel = row - image * outPixels
    const outY = pixel / outWidth
    const top = outY * field(job, strideHeightAt) - field(job, padTopAt)
    const left = (pixel - outY * outWidth) * field(job, strideWidthAt) - field(job, padLeftAt)
    const inside = dense && left >= 0 && left + filterWidth <= width
    for (let y = 0; y < filterHeight; y++) {
      const inY = top + y * field(job, dilationHeightAt)
      if (inside && <u32>inY < <u32>height) {
        // A row of the filter reads one piece of the input.
        to = copyWords(pixelAt(job, image, inY, left), to, filterWidth * channels)
        continue
      }
      for (let x = 0; x < filterWidth; x++) {
        to = copyWords(pixelAt(job, image, inY, left + x * dilationWidth), to, channels)
      }
    }
  }
  const last = load<u32>(table + ((<usize>(count - 1)) << 2))
  const padded = ((count + tileRows - 1) / tileRows) * tileRows
  for (let i = count; i < padded; i++) store<u32>(table + ((<usize>i) << 2), last)
}
