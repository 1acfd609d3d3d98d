import {
  biasAt,
  blockRowsAt,
  highestAt,
  inChannelsAt,
  inputAt,
  lowestAt,
  otherAt,
  otherWeightsAt,
  outputAt,
  rowsAt,
  weightsAt,
} from '../src/engine/job-fields'
import { clamp } from './epilogue'
import { fma } from './fma'
import { address, field, splat } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit of a scaling by channel, a block of rows: `input * weights + bias`, with `other * otherWeights` on top where there is
 * another input, kept in the range of the activation.
 */
export function affine(job: usize, unit: i32): void {
  const channels = field(job, inChannelsAt)
  const bytes = (<usize>channels) << 2
  const first = unit * field(job, blockRowsAt)
  const offset = <usize>first * bytes
  const to = address(job, outputAt) + offset
  const end = to + <usize>min(field(job, blockRowsAt), field(job, rowsAt) - first) * bytes
  const from = address(job, inputAt) + offset
  const other = address(job, otherAt)
  if (other === 0) one(job, from, to, end, channels)
  else two(job, from, other + offset, to, end, channels)
}

function one(job: usize, from: usize, to: usize, end: usize, channels: i32): void {
  const weights = address(job, weightsAt)
  const bias = address(job, biasAt)
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const whole = (<usize>(channels & ~3)) << 2
  const rest = channels & 3
  while (to < end) {
    for (let c: usize = 0; c < whole; c += 16) {
      v128.store(to + c, clamp(fma(v128.load(from + c), v128.load(weights + c), v128.load(bias + c)), lowest, highest))
    }
    if (rest !== 0) {
      const scaled = fma(loadSome(from + whole, rest), loadSome(weights + whole, rest), loadSome(bias + whole, rest))
      storeSome(to + whole, clamp(scaled, lowest, highest), rest)
    }
    from += (<usize>channels) << 2
    to += (<usize>channels) << 2
  }
}

function two(job: usize, from: usize, other: usize, to: usize, end: usize, channels: i32): void {
  const weights = address(job, weightsAt)
  const otherWeights = address(job, otherWeightsAt)
  const bias = address(job, biasAt)
  const whole = (<usize>(channels & ~3)) << 2
  const rest = channels & 3
  while (to < end) {
    for (let c: usize = 0; c < whole; c += 16) {
      const scaled = fma(v128.load(from + c), v128.load(weights + c), v128.load(bias + c))
      v128.store(to + c, fma(v128.load(other + c), v128.load(otherWeights + c), scaled))
    }
    if (rest !== 0) {
      const scaled = fma(loadSome(from + whole, rest), loadSome(weights + whole, rest), loadSome(bias + whole, rest))
      const both = fma(loadSome(other + whole, rest), loadSome(otherWeights + whole, rest), scaled)
      storeSome(to + whole, both, rest)
    }
    from += (<usize>channels) << 2
    other += (<usize>channels) << 2
    to += (<usize>channels) << 2
  }
}
