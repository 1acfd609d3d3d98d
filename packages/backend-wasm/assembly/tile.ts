import { storeRow } from './epilogue'
import { fma } from './fma'

/**
 * Rows of a tile. Twelve sums, two weights and one value are all that 16 registers hold; without a fused multiply-add the
 * product needs a register too, so four rows there. More spill, fewer wait for the weights.
 */
export const tileRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4

/**
 * A tile of the product: `rows` rows (up to {@link tileRows}) times 8 channels, summed over all taps and input channels.
 *
 * @param table for each tap the addresses of its {@link tileRows} rows; beyond `rows` those of the last row again, which
 * is then computed and stored more than once rather than asked for in the loop
 * @param depth floats a tap
 * @param weights a panel, `[taps * depth, 8]`
 * @param step bytes from one row of the output to the next
 * @param count channels that are there, up to 8
 * @param residual as for {@link storeRow}
 */
export function tile(
  table: usize,
  taps: i32,
  depth: i32,
  weights: usize,
  output: usize,
  step: usize,
  rows: i32,
  count: i32,
  left: v128,
  right: v128,
  lowest: v128,
  highest: v128,
  residual: usize,
): void {
  if (ASC_FEATURE_RELAXED_SIMD)
    tile6(table, taps, depth, weights, output, step, rows, count, left, right, lowest, highest, residual)
  else tile4(table, taps, depth, weights, output, step, rows, count, left, right, lowest, highest, residual)
}

function tile4(
  table: usize,
  taps: i32,
  depth: i32,
  weights: usize,
  output: usize,
  step: usize,
  rows: i32,
  count: i32,
  left: v128,
  right: v128,
  lowest: v128,
  highest: v128,
  residual: usize,
): void {
  let l0 = left
  let l1 = left
  let l2 = left
  let l3 = left
  let r0 = right
  let r1 = right
  let r2 = right
  let r3 = right
  const last = table + ((<usize>taps) << 4)
  do {
    let x0 = <usize>load<u32>(table)
    let x1 = <usize>load<u32>(table, 4)
    let x2 = <usize>load<u32>(table, 8)
    let x3 = <usize>load<u32>(table, 12)
    const end = weights + ((<usize>depth) << 5)
    do {
      const wl = v128.load(weights)
      const wr = v128.load(weights, 16)
      const a0 = v128.load32_splat(x0)
      l0 = fma(a0, wl, l0)
      r0 = fma(a0, wr, r0)
      const a1 = v128.load32_splat(x1)
      l1 = fma(a1, wl, l1)
      r1 = fma(a1, wr, r1)
      const a2 = v128.load32_splat(x2)
      l2 = fma(a2, wl, l2)
      r2 = fma(a2, wr, r2)
      const a3 = v128.load32_splat(x3)
      l3 = fma(a3, wl, l3)
      r3 = fma(a3, wr, r3)
      x0 += 4
      x1 += 4
      x2 += 4
      x3 += 4
      weights += 32
    } while (weights !== end)
    table += 16
  } while (table !== last)
  storeRow(output, l0, r0, count, lowest, highest, residual)
  if (rows > 1) storeRow(output + step, l1, r1, count, lowest, highest, residual)
  if (rows > 2) storeRow(output + 2 * step, l2, r2, count, lowest, highest, residual)
  if (rows > 3) storeRow(output + 3 * step, l3, r3, count, lowest, highest, residual)
}

function tile6(
  table: usize,
  taps: i32,
  depth: i32,
  weights: usize,
  output: usize,
  step: usize,
  rows: i32,
  count: i32,
  left: v128,
  right: v128,
  lowest: v128,
  highest: v128,
  residual: usize,
): void {
  let l0 = left
  let l1 = left
  let l2 = left
  let l3 = left
  let l4 = left
  let l5 = left
  let r0 = right
  let r1 = right
  let r2 = right
  let r3 = right
  let r4 = right
  let r5 = right
  const last = table + <usize>taps * 24
  do {
    let x0 = <usize>load<u32>(table)
    let x1 = <usize>load<u32>(table, 4)
    let x2 = <usize>load<u32>(table, 8)
    let x3 = <usize>load<u32>(table, 12)
    let x4 = <usize>load<u32>(table, 16)
    let x5 = <usize>load<u32>(table, 20)
    const end = weights + ((<usize>depth) << 5)
    do {
      const wl = v128.load(weights)
      const wr = v128.load(weights, 16)
      const a0 = v128.load32_splat(x0)
      l0 = fma(a0, wl, l0)
      r0 = fma(a0, wr, r0)
      const a1 = v128.load32_splat(x1)
      l1 = fma(a1, wl, l1)
      r1 = fma(a1, wr, r1)
      const a2 = v128.load32_splat(x2)
      l2 = fma(a2, wl, l2)
      r2 = fma(a2, wr, r2)
      const a3 = v128.load32_splat(x3)
      l3 = fma(a3, wl, l3)
      r3 = fma(a3, wr, r3)
      const a4 = v128.load32_splat(x4)
      l4 = fma(a4, wl, l4)
      r4 = fma(a4, wr, r4)
      const a5 = v128.load32_splat(x5)
      l5 = fma(a5, wl, l5)
      r5 = fma(a5, wr, r5)
      x0 += 4
      x1 += 4
      x2 += 4
      x3 += 4
      x4 += 4
      x5 += 4
      weights += 32
    } while (weights !== end)
    table += 24
  } while (table !== last)
  storeRow(output, l0, r0, count, lowest, highest, residual)
  if (rows > 1) storeRow(output + step, l1, r1, count, lowest, highest, residual)
  if (rows > 2) storeRow(output + 2 * step, l2, r2, count, lowest, highest, residual)
  if (rows > 3) storeRow(output + 3 * step, l3, r3, count, lowest, highest, residual)
  if (rows > 4) storeRow(output + 4 * step, l4, r4, count, lowest, highest, residual)
  if (rows > 5) storeRow(output + 5 * step, l5, r5, count, lowest, highest, residual)
}
