import {
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inHeightAt,
  inWidthAt,
  otherAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  strideHeightAt,
  strideWidthAt,
  weightsAt,
} from '../src/engine/job-fields'
import { fma } from './fma'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit of the gradient of a strided depthwise convolution for its input: a row of the input, to which each pixel of dy that
 * read it adds. The row lies in the cache meanwhile. No pixel of dy is multiplied with a tap that it did not go through, as
 * it would be with zeros set between the pixels.
 */
export function depthwiseInputGradient(job: usize, unit: i32): void {
  const inHeight = field(job, inHeightAt)
  const outHeight = field(job, outHeightAt)
  const outWidth = field(job, outWidthAt)
  const stride = field(job, strideHeightAt)
  const filterWidth = field(job, filterWidthAt)
  const step = (<usize>field(job, inChannelsAt)) << 2
  const image = unit / inHeight
  const rowBytes = <usize>field(job, inWidthAt) * step
  const to = address(job, outputAt) + <usize>unit * rowBytes
  memory.fill(to, 0, rowBytes)
  const bottom = unit - image * inHeight + field(job, padTopAt)
  for (let ky = 0; ky < field(job, filterHeightAt); ky++) {
    const reach = bottom - ky * field(job, dilationHeightAt)
    const y = reach / stride
    if (reach < 0 || y * stride !== reach || y >= outHeight) continue
    const dy = address(job, otherAt) + <usize>((image * outHeight + y) * outWidth) * step
    const weights = address(job, weightsAt) + <usize>(ky * filterWidth) * step
    for (let kx = 0; kx < filterWidth; kx++) addTap(job, kx, dy, weights + <usize>kx * step, to)
  }
}

/** Adds a row of dy times a tap to the pixels that it read. */
function addTap(job: usize, kx: i32, dy: usize, weights: usize, to: usize): void {
  const channels = field(job, inChannelsAt)
  const step = (<usize>channels) << 2
  const stride = field(job, strideWidthAt)
  const shift = kx * field(job, dilationWidthAt) - field(job, padLeftAt)
  const first = max(0, (stride - 1 - shift) / stride)
  const room = field(job, inWidthAt) - 1 - shift
  const end = room < 0 ? 0 : min(field(job, outWidthAt), room / stride + 1)
  const rest = channels & 3
  const whole = (<usize>(channels & ~3)) << 2
  for (let x = first; x < end; x++) {
    const from = dy + <usize>x * step
    const target = to + <usize>(x * stride + shift) * step
    for (let c: usize = 0; c < whole; c += 16) {
      v128.store(target + c, fma(v128.load(from + c), v128.load(weights + c), v128.load(target + c)))
    }
    if (rest !== 0) {
      const sum = fma(loadSome(from + whole, rest), loadSome(weights + whole, rest), loadSome(target + whole, rest))
      storeSome(target + whole, sum, rest)
    }
  }
}
