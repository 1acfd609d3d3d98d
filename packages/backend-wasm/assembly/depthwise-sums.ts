// Sums of the gradient of a depthwise filter: the products of a row of dy with what taps read, for four channels. Each tap has its
// own sum, so that additions need not wait for one another, and dy is loaded once for them.

import { fma } from './fma'

/** Of three rows of the input, `step` bytes from pixel to pixel, and three taps in each, `dilation` bytes apart. */
export function nineTaps(
  a: usize,
  b: usize,
  c: usize,
  step: usize,
  dilation: usize,
  dy: usize,
  end: usize,
  dyStep: usize,
  sums: usize,
): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let s4 = s0
  let s5 = s0
  let s6 = s0
  let s7 = s0
  let s8 = s0
  const dilation2 = 2 * dilation
  do {
    const d = v128.load(dy)
    s0 = fma(v128.load(a), d, s0)
    s1 = fma(v128.load(a + dilation), d, s1)
    s2 = fma(v128.load(a + dilation2), d, s2)
    s3 = fma(v128.load(b), d, s3)
    s4 = fma(v128.load(b + dilation), d, s4)
    s5 = fma(v128.load(b + dilation2), d, s5)
    s6 = fma(v128.load(c), d, s6)
    s7 = fma(v128.load(c + dilation), d, s7)
    s8 = fma(v128.load(c + dilation2), d, s8)
    a += step
    b += step
    c += step
    dy += dyStep
  } while (dy !== end)
  v128.store(sums, f32x4.add(v128.load(sums), s0))
  v128.store(sums, f32x4.add(v128.load(sums, 16), s1), 16)
  v128.store(sums, f32x4.add(v128.load(sums, 32), s2), 32)
  v128.store(sums, f32x4.add(v128.load(sums, 48), s3), 48)
  v128.store(sums, f32x4.add(v128.load(sums, 64), s4), 64)
  v128.store(sums, f32x4.add(v128.load(sums, 80), s5), 80)
  v128.store(sums, f32x4.add(v128.load(sums, 96), s6), 96)
  v128.store(sums, f32x4.add(v128.load(sums, 112), s7), 112)
  v128.store(sums, f32x4.add(v128.load(sums, 128), s8), 128)
}

/** Of a row of the input. */
export function sevenTaps(
  x: usize,
  step: usize,
  dilation: usize,
  dy: usize,
  end: usize,
  dyStep: usize,
  sums: usize,
): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let s4 = s0
  let s5 = s0
  let s6 = s0
  const dilation2 = 2 * dilation
  const dilation3 = 3 * dilation
  const dilation4 = 4 * dilation
  const dilation5 = 5 * dilation
  const dilation6 = 6 * dilation
  do {
    const d = v128.load(dy)
    s0 = fma(v128.load(x), d, s0)
    s1 = fma(v128.load(x + dilation), d, s1)
    s2 = fma(v128.load(x + dilation2), d, s2)
    s3 = fma(v128.load(x + dilation3), d, s3)
    s4 = fma(v128.load(x + dilation4), d, s4)
    s5 = fma(v128.load(x + dilation5), d, s5)
    s6 = fma(v128.load(x + dilation6), d, s6)
    x += step
    dy += dyStep
  } while (dy !== end)
  v128.store(sums, f32x4.add(v128.load(sums), s0))
  v128.store(sums, f32x4.add(v128.load(sums, 16), s1), 16)
  v128.store(sums, f32x4.add(v128.load(sums, 32), s2), 32)
  v128.store(sums, f32x4.add(v128.load(sums, 48), s3), 48)
  v128.store(sums, f32x4.add(v128.load(sums, 64), s4), 64)
  v128.store(sums, f32x4.add(v128.load(sums, 80), s5), 80)
  v128.store(sums, f32x4.add(v128.load(sums, 96), s6), 96)
}

/** Of a row of the input. */
export function fiveTaps(
  x: usize,
  step: usize,
  dilation: usize,
  dy: usize,
  end: usize,
  dyStep: usize,
  sums: usize,
): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let s4 = s0
  const dilation2 = 2 * dilation
  const dilation3 = 3 * dilation
  const dilation4 = 4 * dilation
  do {
    const d = v128.load(dy)
    s0 = fma(v128.load(x), d, s0)
    s1 = fma(v128.load(x + dilation), d, s1)
    s2 = fma(v128.load(x + dilation2), d, s2)
    s3 = fma(v128.load(x + dilation3), d, s3)
    s4 = fma(v128.load(x + dilation4), d, s4)
    x += step
    dy += dyStep
  } while (dy !== end)
  v128.store(sums, f32x4.add(v128.load(sums), s0))
  v128.store(sums, f32x4.add(v128.load(sums, 16), s1), 16)
  v128.store(sums, f32x4.add(v128.load(sums, 32), s2), 32)
  v128.store(sums, f32x4.add(v128.load(sums, 48), s3), 48)
  v128.store(sums, f32x4.add(v128.load(sums, 64), s4), 64)
}

/** Of one tap. */
export function oneTap(x: usize, step: usize, dy: usize, end: usize, dyStep: usize, sums: usize): void {
  let s0 = f32x4.splat(0)
  do {
    const d = v128.load(dy)
    s0 = fma(v128.load(x), d, s0)
    x += step
    dy += dyStep
  } while (dy !== end)
  v128.store(sums, f32x4.add(v128.load(sums), s0))
}
