import { fma } from './fma'

/** Rows of a panel: as many as both a tile and four lanes divide. */
export const panelRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 12 : 4

/** Where the first value of a row lies in its panel, and those of the rows before it in others. */
export function panelAt(row: i32, panelBytes: usize): usize {
  return <usize>(row / panelRows) * panelBytes + ((<usize>(row % panelRows)) << 2)
}

/**
 * A tile of a product whose both sides lie in panels: as many rows as a tile has times 8 columns, summed over `depth`. Nothing
 * is called while the sums live: V8 would store all of them in each turn of the loop, for the sake of the call.
 *
 * @param left a row of a panel of {@link panelRows}
 * @param right `[depth, 8]`
 * @param to where the first row goes, `step` bytes apart; there is room for whole tiles
 * @param adds whether to what is there already
 */
export function sumTile(left: usize, right: usize, depth: i32, to: usize, step: usize, adds: bool): void {
  if (ASC_FEATURE_RELAXED_SIMD) sum6(left, right, depth, to, step, adds)
  else sum4(left, right, depth, to, step, adds)
}

function sum4(left: usize, right: usize, depth: i32, to: usize, step: usize, adds: bool): void {
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
    left += (<usize>panelRows) << 2
    right += 32
  } while (right !== end)
  const t0 = to
  const t1 = t0 + step
  const t2 = t1 + step
  const t3 = t2 + step
  if (adds) {
    l0 = f32x4.add(l0, v128.load(t0))
    r0 = f32x4.add(r0, v128.load(t0, 16))
    l1 = f32x4.add(l1, v128.load(t1))
    r1 = f32x4.add(r1, v128.load(t1, 16))
    l2 = f32x4.add(l2, v128.load(t2))
    r2 = f32x4.add(r2, v128.load(t2, 16))
    l3 = f32x4.add(l3, v128.load(t3))
    r3 = f32x4.add(r3, v128.load(t3, 16))
  }
  v128.store(t0, l0)
  v128.store(t0, r0, 16)
  v128.store(t1, l1)
  v128.store(t1, r1, 16)
  v128.store(t2, l2)
  v128.store(t2, r2, 16)
  v128.store(t3, l3)
  v128.store(t3, r3, 16)
}

function sum6(left: usize, right: usize, depth: i32, to: usize, step: usize, adds: bool): void {
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
    left += (<usize>panelRows) << 2
    right += 32
  } while (right !== end)
  const t0 = to
  const t1 = t0 + step
  const t2 = t1 + step
  const t3 = t2 + step
  const t4 = t3 + step
  const t5 = t4 + step
  if (adds) {
    l0 = f32x4.add(l0, v128.load(t0))
    r0 = f32x4.add(r0, v128.load(t0, 16))
    l1 = f32x4.add(l1, v128.load(t1))
    r1 = f32x4.add(r1, v128.load(t1, 16))
    l2 = f32x4.add(l2, v128.load(t2))
    r2 = f32x4.add(r2, v128.load(t2, 16))
    l3 = f32x4.add(l3, v128.load(t3))
    r3 = f32x4.add(r3, v128.load(t3, 16))
    l4 = f32x4.add(l4, v128.load(t4))
    r4 = f32x4.add(r4, v128.load(t4, 16))
    l5 = f32x4.add(l5, v128.load(t5))
    r5 = f32x4.add(r5, v128.load(t5, 16))
  }
  v128.store(t0, l0)
  v128.store(t0, r0, 16)
  v128.store(t1, l1)
  v128.store(t1, r1, 16)
  v128.store(t2, l2)
  v128.store(t2, r2, 16)
  v128.store(t3, l3)
  v128.store(t3, r3, 16)
  v128.store(t4, l4)
  v128.store(t4, r4, 16)
  v128.store(t5, l5)
  v128.store(t5, r5, 16)
}
