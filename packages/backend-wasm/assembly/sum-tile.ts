import { fma } from './fma'
import { loadSome, storeSome } from './lanes'

/**
 * A tile of a product whose both sides lie in panels: {@link tileRows} rows times 8 columns, summed over `depth`.
 *
 * @param left {@link tileRows} values for each of `depth`, `leftStep` bytes apart
 * @param right `[depth, 8]`
 * @param to where the first row goes, `step` bytes apart; `rows` and `columns` are those that are there
 * @param adds whether to what is there already
 */
export function sumTile(
  left: usize,
  leftStep: usize,
  right: usize,
  depth: i32,
  to: usize,
  step: usize,
  rows: i32,
  columns: i32,
  adds: bool,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) sum6(left, leftStep, right, depth, to, step, rows, columns, adds)
  else sum4(left, leftStep, right, depth, to, step, rows, columns, adds)
}

function sum4(
  left: usize,
  leftStep: usize,
  right: usize,
  depth: i32,
  to: usize,
  step: usize,
  rows: i32,
  columns: i32,
  adds: bool,
): void {
  let l0 = f32x4.splat(0)
  let l1 = l0
  let l2 = l0
  let l3 = l0
  let r0 = l0
  let r1 = l0
  let r2 = l0
  let r3 = l0
  const end = right + ((<usize>depth) << 5)
  do {
    const wl = v128.load(right)
    const wr = v128.load(right, 16)
    const a0 = v128.load32_splat(left)
    l0 = fma(a0, wl, l0)
    r0 = fma(a0, wr, r0)
    const a1 = v128.load32_splat(left, 4)
    l1 = fma(a1, wl, l1)
    r1 = fma(a1, wr, r1)
    const a2 = v128.load32_splat(left, 8)
    l2 = fma(a2, wl, l2)
    r2 = fma(a2, wr, r2)
    const a3 = v128.load32_splat(left, 12)
    l3 = fma(a3, wl, l3)
    r3 = fma(a3, wr, r3)
    left += leftStep
    right += 32
  } while (right !== end)
  storeSum(to, l0, r0, columns, adds)
  if (rows > 1) storeSum(to + step, l1, r1, columns, adds)
  if (rows > 2) storeSum(to + 2 * step, l2, r2, columns, adds)
  if (rows > 3) storeSum(to + 3 * step, l3, r3, columns, adds)
}

function sum6(
  left: usize,
  leftStep: usize,
  right: usize,
  depth: i32,
  to: usize,
  step: usize,
  rows: i32,
  columns: i32,
  adds: bool,
): void {
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
  const end = right + ((<usize>depth) << 5)
  do {
    const wl = v128.load(right)
    const wr = v128.load(right, 16)
    const a0 = v128.load32_splat(left)
    l0 = fma(a0, wl, l0)
    r0 = fma(a0, wr, r0)
    const a1 = v128.load32_splat(left, 4)
    l1 = fma(a1, wl, l1)
    r1 = fma(a1, wr, r1)
    const a2 = v128.load32_splat(left, 8)
    l2 = fma(a2, wl, l2)
    r2 = fma(a2, wr, r2)
    const a3 = v128.load32_splat(left, 12)
    l3 = fma(a3, wl, l3)
    r3 = fma(a3, wr, r3)
    const a4 = v128.load32_splat(left, 16)
    l4 = fma(a4, wl, l4)
    r4 = fma(a4, wr, r4)
    const a5 = v128.load32_splat(left, 20)
    l5 = fma(a5, wl, l5)
    r5 = fma(a5, wr, r5)
    left += leftStep
    right += 32
  } while (right !== end)
  storeSum(to, l0, r0, columns, adds)
  if (rows > 1) storeSum(to + step, l1, r1, columns, adds)
  if (rows > 2) storeSum(to + 2 * step, l2, r2, columns, adds)
  if (rows > 3) storeSum(to + 3 * step, l3, r3, columns, adds)
  if (rows > 4) storeSum(to + 4 * step, l4, r4, columns, adds)
  if (rows > 5) storeSum(to + 5 * step, l5, r5, columns, adds)
}

function storeSum(to: usize, left: v128, right: v128, columns: i32, adds: bool): void {
  if (columns >= 8) {
    if (adds) {
      left = f32x4.add(left, v128.load(to))
      right = f32x4.add(right, v128.load(to, 16))
    }
    v128.store(to, left)
    v128.store(to, right, 16)
    return
  }
  if (adds) {
    left = f32x4.add(left, loadSome(to, columns))
    right = f32x4.add(right, loadSome(to + 16, columns - 4))
  }
  storeSome(to, left, columns)
  storeSome(to + 16, right, columns - 4)
}
