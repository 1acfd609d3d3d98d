import {
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inputAt,
  inWidthAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  strideHeightAt,
  strideWidthAt,
} from '../src/engine/job-fields'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit: a row of an image, to which every patch that was read from it, `[filterHeight, filterWidth, channels]` for each pixel of the
 * output, adds its row that lies there.
 */
export function patchSums(job: usize, unit: i32): void {
  const filterHeight = field(job, filterHeightAt)
  const outWidth = field(job, outWidthAt)
  const stride = field(job, strideHeightAt)
  const width = field(job, inWidthAt)
  const filterWidth = field(job, filterWidthAt)
  const strideWidth = field(job, strideWidthAt)
  const padLeft = field(job, padLeftAt)
  const channels = field(job, inChannelsAt)
  const pixelBytes = (<usize>channels) << 2
  const pieceBytes = <usize>filterWidth * pixelBytes
  const patchBytes = <usize>filterHeight * pieceBytes
  const bottom = unit + field(job, padTopAt)
  const to = address(job, outputAt) + <usize>(unit * width) * pixelBytes
  memory.fill(to, 0, <usize>width * pixelBytes)
  for (let ky = 0; ky < filterHeight; ky++) {
    const reach = bottom - ky
    const y = reach / stride
    if (reach < 0 || y * stride !== reach || y >= field(job, outHeightAt)) continue
    let from = address(job, inputAt) + <usize>(y * outWidth) * patchBytes + <usize>ky * pieceBytes
    let left = -padLeft
    for (let x = 0; x < outWidth; x++) {
      const first = max(0, -left)
      const count = (min(filterWidth, width - left) - first) * channels
      addFloats(from + <usize>first * pixelBytes, to + <usize>(left + first) * pixelBytes, count)
      from += patchBytes
      left += strideWidth
    }
  }
}

function addFloats(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)))
    from += 16
    to += 16
  }
  if (count > 0) storeSome(to, f32x4.add(loadSome(to, count), loadSome(from, count)), count)
}
