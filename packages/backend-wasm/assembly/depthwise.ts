import {
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inHeightAt,
  inputAt,
  inWidthAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  strideHeightAt,
  strideWidthAt,
  weightsAt,
} from '../src/engine/job-fields'
import { fourPixels, onePixel } from './depthwise-pixels'
import { address, field } from './job'

/**
 * One unit of a depthwise convolution: a row of the output. Pixels go in fours where all their taps lie inside, so that
 * each weight is loaded once for four; at the edges one by one, over the taps that are inside.
 */
export function depthwise(job: usize, unit: i32): void {
  const outHeight = field(job, outHeightAt)
  const outWidth = field(job, outWidthAt)
  const inWidth = field(job, inWidthAt)
  const pixelBytes = (<usize>field(job, inChannelsAt)) << 2
  const stride = field(job, strideWidthAt)
  const dilation = field(job, dilationWidthAt)
  const padLeft = field(job, padLeftAt)
  const filterWidth = field(job, filterWidthAt)
  const image = unit / outHeight
  const top = (unit - image * outHeight) * field(job, strideHeightAt) - field(job, padTopAt)
  const input = address(job, inputAt) + <usize>(image * field(job, inHeightAt) * inWidth) * pixelBytes

  // Rows of the filter that lie on the input.
  const dilationHeight = field(job, dilationHeightAt)
  let firstRow = 0
  let lastRow = field(job, filterHeightAt)
  while (firstRow < lastRow && top + firstRow * dilationHeight < 0) firstRow++
  while (lastRow > firstRow && top + (lastRow - 1) * dilationHeight >= field(job, inHeightAt)) lastRow--
  const rows = lastRow - firstRow
  const from = input + <usize>((top + firstRow * dilationHeight) * inWidth) * pixelBytes
  const weights = address(job, weightsAt) + ((<usize>(firstRow * filterWidth)) << 4)
  const output = address(job, outputAt) + <usize>(unit * outWidth) * pixelBytes

  // Pixels whose taps all lie inside: from `begin` up to `end`.
  const begin = min(outWidth, (padLeft + stride - 1) / stride)
  const room = inWidth - 1 - (filterWidth - 1) * dilation + padLeft
  const end = room < 0 ? begin : max(begin, min(outWidth, room / stride + 1))
  let x = 0
  while (x < outWidth) {
    if (x >= begin && x < end && end - begin >= 4) {
      // The last four overlap those before, which are then computed again.
      const at = min(x, end - 4)
      fourPixels(
        job,
        from + <usize>(at * stride - padLeft) * pixelBytes,
        weights,
        output + <usize>at * pixelBytes,
        rows,
      )
      x = at + 4
      continue
    }
    const left = x * stride - padLeft
    let firstTap = 0
    let lastTap = filterWidth
    while (firstTap < lastTap && left + firstTap * dilation < 0) firstTap++
    while (lastTap > firstTap && left + (lastTap - 1) * dilation >= inWidth) lastTap--
    const source = from + <usize>(left + firstTap * dilation) * pixelBytes
    onePixel(job, source, weights + ((<usize>firstTap) << 4), output + <usize>x * pixelBytes, rows, lastTap - firstTap)
    x++
  }
}
