import { blockRowsAt, inChannelsAt, inputAt, outputAt, rowsAt } from '../src/engine/job-fields'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit of the moments of each channel, a block of rows: its means and its sums of squared distances from them,
 * `[2, channels]`, which the host puts together. Both from the values themselves, as the difference of two large sums
 * would lose digits; the second pass finds the block in the cache.
 */
export function moments(job: usize, unit: i32): void {
  const channels = field(job, inChannelsAt)
  const bytes = (<usize>channels) << 2
  const first = unit * field(job, blockRowsAt)
  const rows = min(field(job, blockRowsAt), field(job, rowsAt) - first)
  const from = address(job, inputAt) + <usize>first * bytes
  const to = address(job, outputAt) + <usize>(2 * unit) * bytes
  let c = 0
  // Four vectors a row make a line of the cache.
  for (; c + 16 <= channels; c += 16) {
    const at = (<usize>c) << 2
    sixteen(from + at, bytes, rows, to + at, bytes)
  }
  for (; c < channels; c += 4) {
    const at = (<usize>c) << 2
    four(from + at, bytes, rows, to + at, bytes, min(4, channels - c))
  }
}

function sixteen(from: usize, step: usize, rows: i32, to: usize, toSquares: usize): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  const end = from + <usize>rows * step
  for (let at = from; at < end; at += step) {
    s0 = f32x4.add(s0, v128.load(at))
    s1 = f32x4.add(s1, v128.load(at, 16))
    s2 = f32x4.add(s2, v128.load(at, 32))
    s3 = f32x4.add(s3, v128.load(at, 48))
  }
  const share = f32x4.splat(1 / <f32>rows)
  const m0 = f32x4.mul(s0, share)
  const m1 = f32x4.mul(s1, share)
  const m2 = f32x4.mul(s2, share)
  const m3 = f32x4.mul(s3, share)
  s0 = f32x4.splat(0)
  s1 = s0
  s2 = s0
  s3 = s0
  for (let at = from; at < end; at += step) {
    s0 = f32x4.add(s0, square(f32x4.sub(v128.load(at), m0)))
    s1 = f32x4.add(s1, square(f32x4.sub(v128.load(at, 16), m1)))
    s2 = f32x4.add(s2, square(f32x4.sub(v128.load(at, 32), m2)))
    s3 = f32x4.add(s3, square(f32x4.sub(v128.load(at, 48), m3)))
  }
  v128.store(to, m0)
  v128.store(to, m1, 16)
  v128.store(to, m2, 32)
  v128.store(to, m3, 48)
  to += toSquares
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
}

function four(from: usize, step: usize, rows: i32, to: usize, toSquares: usize, count: i32): void {
  let sum = f32x4.splat(0)
  const end = from + <usize>rows * step
  for (let at = from; at < end; at += step) sum = f32x4.add(sum, loadSome(at, count))
  const mean = f32x4.mul(sum, f32x4.splat(1 / <f32>rows))
  sum = f32x4.splat(0)
  for (let at = from; at < end; at += step) sum = f32x4.add(sum, square(f32x4.sub(loadSome(at, count), mean)))
  storeSome(to, mean, count)
  storeSome(to + toSquares, sum, count)
}

function square(value: v128): v128 {
  return f32x4.mul(value, value)
}
