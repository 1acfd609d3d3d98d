import { outputAt, residualAt } from '../src/engine/job-fields'
import { address } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * A value kept in the range of the activation: ReLU is [0, infinity], ReLU6 [0, 6], none is all numbers. NaN stays. By pmin and pmax, which
 * are an instruction each; min and max order -0 and 0 too, and are eight.
 */
export function clamp(value: v128, lowest: v128, highest: v128): v128 {
  return f32x4.pmin(f32x4.pmax(value, lowest), highest)
}

/**
 * Stores a row of a tile, eight channels or what is left of them.
 *
 * @param residual bytes from the output to what is added to it first, of the same layout; 0 where nothing is
 */
export function storeRow(
  to: usize,
  left: v128,
  right: v128,
  count: i32,
  lowest: v128,
  highest: v128,
  residual: usize,
): void {
  if (residual !== 0) {
    left = f32x4.add(left, loadSome(to + residual, count))
    right = f32x4.add(right, loadSome(to + residual + 16, count - 4))
  }
  left = clamp(left, lowest, highest)
  right = clamp(right, lowest, highest)
  if (count >= 8) {
    v128.store(to, left)
    v128.store(to, right, 16)
  } else {
    storeSome(to, left, count)
    storeSome(to + 16, right, count - 4)
  }
}

/** For {@link storeRow}: bytes from the output to the residual, which may lie before it, as addresses wrap around. */
export function residualOf(job: usize): usize {
  const residual = address(job, residualAt)
  return residual === 0 ? 0 : residual - address(job, outputAt)
}
