import { fma } from './fma'

/**
 * Rows of a tile. Twelve sums, two weights and one value are all that 16 registers hold; without a fused multiply-add the
 * product needs a register too, so four rows there. More spill, fewer wait for the weights.
 */
export const tileRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4

/**
 * A tile of the product: {@link tileRows} rows times 8 channels, summed over all taps and input channels. Nothing is called while
 * the sums live: V8 would store all of them in each turn of the loop, for the sake of the call. So what they become is worked
 * out of memory.
 *
 * @param table for each tap the addresses of its {@link tileRows} rows; where there are fewer, that of the last again, which is then
 * computed more than once rather than asked for in the loop
 * @param depth floats a tap
 * @param weights a panel, `[taps * depth, 8]`
 * @param to `[tileRows, 8]`
 */
export function tile(table: usize, taps: i32, depth: i32, weights: usize, to: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) tile6(table, taps, depth, weights, to)
  else tile4(table, taps, depth, weights, to)
}

function tile4(table: usize, taps: i32, depth: i32, weights: usize, to: usize): void {
  let l0 = f32x4.splat(0)
  let l1 = l0
  let l2 = l0
  let l3 = l0
  let r0 = l0
  let r1 = l0
  let r2 = l0
  let r3 = l0
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
  v128.store(to, l0)
  v128.store(to, r0, 16)
  v128.store(to, l1, 32)
  v128.store(to, r1, 48)
  v128.store(to, l2, 64)
  v128.store(to, r2, 80)
  v128.store(to, l3, 96)
  v128.store(to, r3, 112)
}

function tile6(table: usize, taps: i32, depth: i32, weights: usize, to: usize): void {
  let l0 = f32x4.splat(0)
  let l1 = l0
  let l2 = l0
  let l3 = l0
  let l4 = l0
  let l5 = l0
  let r0 = l0
  let r1 = l0
  let r2 = l0
  let r3 = l0
  let r4 = l0
  let r5 = l0
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
  v128.store(to, l0)
  v128.store(to, r0, 16)
  v128.store(to, l1, 32)
  v128.store(to, r1, 48)
  v128.store(to, l2, 64)
  v128.store(to, r2, 80)
  v128.store(to, l3, 96)
  v128.store(to, r3, 112)
  v128.store(to, l4, 128)
  v128.store(to, r4, 144)
  v128.store(to, l5, 160)
  v128.store(to, r5, 176)
}
