import { blockRowsAt, highestAt, inputAt, lowestAt, otherAt, outputAt, rowsAt } from '../src/engine/job-fields'
import { address, field, splat } from './job'
import { loadSome, storeSome } from './lanes'

/** One unit of a gradient of ReLU and its like, a block of values: the other input where the first lies in the range, else 0. */
export function rangeMask(job: usize, unit: i32): void {
  const first = unit * field(job, blockRowsAt)
  const count = min(field(job, blockRowsAt), field(job, rowsAt) - first)
  const offset = (<usize>first) << 2
  let from = address(job, inputAt) + offset
  let other = address(job, otherAt) + offset
  let to = address(job, outputAt) + offset
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const end = to + ((<usize>(count & ~3)) << 2)
  while (to < end) {
    v128.store(to, kept(v128.load(from), v128.load(other), lowest, highest))
    from += 16
    other += 16
    to += 16
  }
  const rest = count & 3
  if (rest !== 0) storeSome(to, kept(loadSome(from, rest), loadSome(other, rest), lowest, highest), rest)
}

function kept(value: v128, other: v128, lowest: v128, highest: v128): v128 {
  return v128.and(other, v128.and(f32x4.ge(value, lowest), f32x4.le(value, highest)))
}
