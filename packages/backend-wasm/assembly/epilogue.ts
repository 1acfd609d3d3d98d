import { storeSome } from './lanes'

/** A value kept in the range of the activation: ReLU is [0, infinity], ReLU6 [0, 6], none is all numbers. */
export function clamp(value: v128, lowest: v128, highest: v128): v128 {
  return f32x4.min(f32x4.max(value, lowest), highest)
}

/** Stores a row of a tile, eight channels or what is left of them. */
export function storeRow(to: usize, left: v128, right: v128, count: i32, lowest: v128, highest: v128): void {
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
