import {
  biasAt,
  blockRowsAt,
  highestAt,
  inChannelsAt,
  inputAt,
  lowestAt,
  outChannelsAt,
  outputAt,
  rowsAt,
  weightsAt,
} from '../src/engine/job-fields'
import { clamp } from './epilogue'
import { fma } from './fma'
import { address, field, splat } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit of a product of a row with a matrix `[inChannels, outChannels]` as it lies: some of the matrix' rows, read once from
 * first to last. Each unit has sums of its own, `[units, outChannels]`, which {@link addUp} puts together.
 */
export function rowProduct(job: usize, unit: i32): void {
  const depth = field(job, inChannelsAt)
  const block = field(job, blockRowsAt)
  const columns = field(job, outChannelsAt)
  const step = (<usize>columns) << 2
  const groups = (depth + block - 1) / block
  const row = unit / groups
  const first = (unit - row * groups) * block
  const last = min(depth, first + block)
  const to = address(job, outputAt) + <usize>unit * step
  let x = address(job, inputAt) + ((<usize>(row * depth + first)) << 2)
  let weights = address(job, weightsAt) + <usize>first * step
  memory.fill(to, 0, step)
  let i = first
  for (; i + 4 <= last; i += 4) {
    fourRows(x, weights, to, columns, step)
    x += 16
    weights += step << 2
  }
  for (; i < last; i++) {
    oneRow(v128.load32_splat(x), weights, to, columns)
    x += 4
    weights += step
  }
}

/** Four at a time, as each look at the sums costs as much as one at a row. */
function fourRows(x: usize, weights: usize, to: usize, columns: i32, step: usize): void {
  const x0 = v128.load32_splat(x)
  const x1 = v128.load32_splat(x, 4)
  const x2 = v128.load32_splat(x, 8)
  const x3 = v128.load32_splat(x, 12)
  const w1 = weights + step
  const w2 = w1 + step
  const w3 = w2 + step
  const whole = (<usize>(columns & ~3)) << 2
  for (let at: usize = 0; at < whole; at += 16) {
    let sum = fma(v128.load(weights + at), x0, v128.load(to + at))
    sum = fma(v128.load(w1 + at), x1, sum)
    sum = fma(v128.load(w2 + at), x2, sum)
    v128.store(to + at, fma(v128.load(w3 + at), x3, sum))
  }
  const rest = columns & 3
  if (rest === 0) return
  let sum = fma(loadSome(weights + whole, rest), x0, loadSome(to + whole, rest))
  sum = fma(loadSome(w1 + whole, rest), x1, sum)
  sum = fma(loadSome(w2 + whole, rest), x2, sum)
  storeSome(to + whole, fma(loadSome(w3 + whole, rest), x3, sum), rest)
}

function oneRow(x: v128, weights: usize, to: usize, columns: i32): void {
  const whole = (<usize>(columns & ~3)) << 2
  for (let at: usize = 0; at < whole; at += 16) v128.store(to + at, fma(v128.load(weights + at), x, v128.load(to + at)))
  const rest = columns & 3
  if (rest !== 0) storeSome(to + whole, fma(loadSome(weights + whole, rest), x, loadSome(to + whole, rest)), rest)
}

/** One unit of what follows: the sums of one row, `rows` of them, with bias and activation. */
export function addUp(job: usize, unit: i32): void {
  const columns = field(job, outChannelsAt)
  const count = field(job, rowsAt)
  const step = (<usize>columns) << 2
  const from = address(job, inputAt) + <usize>(unit * count) * step
  const to = address(job, outputAt) + <usize>unit * step
  const bias = address(job, biasAt)
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  for (let c = 0; c < columns; c += 4) {
    const at = (<usize>c) << 2
    let sum = bias === 0 ? f32x4.splat(0) : loadSome(bias + at, columns - c)
    let part = from + at
    for (let i = 0; i < count; i++) {
      sum = f32x4.add(sum, loadSome(part, columns - c))
      part += step
    }
    storeSome(to + at, clamp(sum, lowest, highest), columns - c)
  }
}
