import { biasAt, blockRowsAt, inChannelsAt, inputAt, otherAt, outputAt, rowsAt } from '../src/engine/job-fields'
import { fma } from './fma'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit of the sums that a norm's gradient needs, a block of rows: for each channel the sum of the input (dy), and of the
 * input times the other (x) less its mean, `[2, channels]`.
 */
export function normSums(job: usize, unit: i32): void {
  const channels = field(job, inChannelsAt)
  const bytes = (<usize>channels) << 2
  const first = unit * field(job, blockRowsAt)
  const rows = <usize>min(field(job, blockRowsAt), field(job, rowsAt) - first)
  const offset = <usize>first * bytes
  const dy = address(job, inputAt) + offset
  const x = address(job, otherAt) + offset
  const mean = address(job, biasAt)
  const to = address(job, outputAt) + <usize>(2 * unit) * bytes
  let c = 0
  for (; c + 16 <= channels; c += 16) {
    const at = (<usize>c) << 2
    sixteen(dy + at, x + at, mean + at, bytes, rows, to + at)
  }
  for (; c < channels; c += 4) {
    const at = (<usize>c) << 2
    four(dy + at, x + at, mean + at, bytes, rows, to + at, min(4, channels - c))
  }
}

function sixteen(dy: usize, x: usize, mean: usize, step: usize, rows: usize, to: usize): void {
  const m0 = v128.load(mean)
  const m1 = v128.load(mean, 16)
  const m2 = v128.load(mean, 32)
  const m3 = v128.load(mean, 48)
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let p0 = s0
  let p1 = s0
  let p2 = s0
  let p3 = s0
  const end = dy + rows * step
  while (dy < end) {
    const d0 = v128.load(dy)
    s0 = f32x4.add(s0, d0)
    p0 = fma(d0, f32x4.sub(v128.load(x), m0), p0)
    const d1 = v128.load(dy, 16)
    s1 = f32x4.add(s1, d1)
    p1 = fma(d1, f32x4.sub(v128.load(x, 16), m1), p1)
    const d2 = v128.load(dy, 32)
    s2 = f32x4.add(s2, d2)
    p2 = fma(d2, f32x4.sub(v128.load(x, 32), m2), p2)
    const d3 = v128.load(dy, 48)
    s3 = f32x4.add(s3, d3)
    p3 = fma(d3, f32x4.sub(v128.load(x, 48), m3), p3)
    dy += step
    x += step
  }
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
  to += step
  v128.store(to, p0)
  v128.store(to, p1, 16)
  v128.store(to, p2, 32)
  v128.store(to, p3, 48)
}

function four(dy: usize, x: usize, mean: usize, step: usize, rows: usize, to: usize, count: i32): void {
  const center = loadSome(mean, count)
  let sum = f32x4.splat(0)
  let product = sum
  const end = dy + rows * step
  while (dy < end) {
    const d = loadSome(dy, count)
    sum = f32x4.add(sum, d)
    product = fma(d, f32x4.sub(loadSome(x, count), center), product)
    dy += step
    x += step
  }
  storeSome(to, sum, count)
  storeSome(to + step, product, count)
}
