import { otherAt, outChannelsAt, outHeightAt, outWidthAt, zerosAt } from '../src/engine/job-fields'
import { address, field } from './job'
import { loadSome } from './lanes'

/** Writes the addresses of the 2x2 pixels of dy that tile number `index` is the gradient of, or of zeros where that is outside. */
export function gradientPixels(job: usize, index: i32, table: usize): void {
  const height = field(job, outHeightAt)
  const width = field(job, outWidthAt)
  const across = (width + 1) >> 1
  const down = (height + 1) >> 1
  const image = index / (across * down)
  const tileAt = index - image * across * down
  const y = (tileAt / across) << 1
  const x = (tileAt % across) << 1
  const zeros = address(job, zerosAt)
  const step = (<usize>field(job, outChannelsAt)) << 2
  const from = address(job, otherAt) + <usize>((image * height + y) * width + x) * step
  const below = from + <usize>width * step
  const right = x + 1 < width
  const bottom = y + 1 < height
  store<u32>(table, <u32>from)
  store<u32>(table, <u32>(right ? from + step : zeros), 4)
  store<u32>(table, <u32>(bottom ? below : zeros), 8)
  store<u32>(table, <u32>(right && bottom ? below + step : zeros), 12)
}

/** Up to four channels, `at` bytes from the first, of A dy A^T: a value for each of 16 planes. */
export function transformGradient(table: usize, at: usize, count: i32, to: usize, planeBytes: usize): void {
  const a = loadSome(<usize>load<u32>(table) + at, count)
  const b = loadSome(<usize>load<u32>(table, 4) + at, count)
  const c = loadSome(<usize>load<u32>(table, 8) + at, count)
  const d = loadSome(<usize>load<u32>(table, 12) + at, count)
  gradientRow(a, b, to, planeBytes)
  gradientRow(f32x4.add(a, c), f32x4.add(b, d), to + 4 * planeBytes, planeBytes)
  gradientRow(f32x4.sub(a, c), f32x4.sub(b, d), to + 8 * planeBytes, planeBytes)
  gradientRow(f32x4.neg(c), f32x4.neg(d), to + 12 * planeBytes, planeBytes)
}

function gradientRow(left: v128, right: v128, to: usize, planeBytes: usize): void {
  v128.store(to, left)
  v128.store(to + planeBytes, f32x4.add(left, right))
  v128.store(to + 2 * planeBytes, f32x4.sub(left, right))
  v128.store(to + 3 * planeBytes, f32x4.neg(right))
}
