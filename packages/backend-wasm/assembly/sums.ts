import { blockRowsAt, highestAt, inputAt, lowestAt, otherAt, outputAt, rowsAt } from '../src/engine/job-fields'
import { clamp } from './epilogue'
import { address, field, splat } from './job'
import { loadSome, storeSome } from './lanes'

/** One unit of an activation, or of a sum of two tensors: a block of values, kept in the job's range. */
export function sums(job: usize, unit: i32): void {
  const first = unit * field(job, blockRowsAt)
  const count = min(field(job, blockRowsAt), field(job, rowsAt) - first)
  const offset = (<usize>first) << 2
  const from = address(job, inputAt) + offset
  const to = address(job, outputAt) + offset
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const other = address(job, otherAt)
  if (other === 0) one(from, to, count, lowest, highest)
  else two(from, other + offset, to, count, lowest, highest)
}

// Four vectors a turn: V8 looks at each turn of a loop whether it should stop, which takes as long as a load.

function one(from: usize, to: usize, count: i32, lowest: v128, highest: v128): void {
  const long = (<usize>(count & ~15)) << 2
  const end = (<usize>count) << 2
  let at: usize = 0
  for (; at < long; at += 64) {
    v128.store(to + at, clamp(v128.load(from + at), lowest, highest))
    v128.store(to + at, clamp(v128.load(from + at, 16), lowest, highest), 16)
    v128.store(to + at, clamp(v128.load(from + at, 32), lowest, highest), 32)
    v128.store(to + at, clamp(v128.load(from + at, 48), lowest, highest), 48)
  }
  for (; at < end; at += 16) {
    const rest = <i32>((end - at) >> 2)
    storeSome(to + at, clamp(loadSome(from + at, rest), lowest, highest), rest)
  }
}

function two(from: usize, other: usize, to: usize, count: i32, lowest: v128, highest: v128): void {
  const long = (<usize>(count & ~15)) << 2
  const end = (<usize>count) << 2
  let at: usize = 0
  for (; at < long; at += 64) {
    v128.store(to + at, clamp(f32x4.add(v128.load(from + at), v128.load(other + at)), lowest, highest))
    v128.store(to + at, clamp(f32x4.add(v128.load(from + at, 16), v128.load(other + at, 16)), lowest, highest), 16)
    v128.store(to + at, clamp(f32x4.add(v128.load(from + at, 32), v128.load(other + at, 32)), lowest, highest), 32)
    v128.store(to + at, clamp(f32x4.add(v128.load(from + at, 48), v128.load(other + at, 48)), lowest, highest), 48)
  }
  for (; at < end; at += 16) {
    const rest = <i32>((end - at) >> 2)
    const sum = f32x4.add(loadSome(from + at, rest), loadSome(other + at, rest))
    storeSome(to + at, clamp(sum, lowest, highest), rest)
  }
}
