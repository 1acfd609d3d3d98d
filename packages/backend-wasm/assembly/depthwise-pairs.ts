// Two pairs of pixels of the input of a depthwise convolution at stride 2: a pixel of dy and those before it reach the first of a pair
// through the even taps, the second through the odd ones; the next pixel of dy the next pair. All are `step` bytes apart. Channel
// after channel, so that memory is written in one go.

import { fma } from './fma'

/** By a row of 3 taps. */
export function pairsByThree(dy: usize, step: usize, end: usize, weights: usize, to: usize, adds: bool): void {
  do {
    const next = v128.load(dy + step)
    const d0 = v128.load(dy)
    const d1 = v128.load(dy - step)
    const w0 = v128.load(weights)
    const w1 = v128.load(weights + step)
    let a = f32x4.mul(d0, w0)
    let b = f32x4.mul(d0, w1)
    let c = f32x4.mul(next, w0)
    let d = f32x4.mul(next, w1)
    const w2 = v128.load(weights + 2 * step)
    a = fma(d1, w2, a)
    c = fma(d0, w2, c)
    if (adds) {
      a = f32x4.add(a, v128.load(to))
      b = f32x4.add(b, v128.load(to + step))
      c = f32x4.add(c, v128.load(to + 2 * step))
      d = f32x4.add(d, v128.load(to + 3 * step))
    }
    v128.store(to, a)
    v128.store(to + step, b)
    v128.store(to + 2 * step, c)
    v128.store(to + 3 * step, d)
    dy += 16
    weights += 16
    to += 16
  } while (to !== end)
}

/** By a row of 5 taps. */
export function pairsByFive(dy: usize, step: usize, end: usize, weights: usize, to: usize, adds: bool): void {
  do {
    const next = v128.load(dy + step)
    const d0 = v128.load(dy)
    const d1 = v128.load(dy - step)
    const d2 = v128.load(dy - 2 * step)
    const w0 = v128.load(weights)
    const w1 = v128.load(weights + step)
    let a = f32x4.mul(d0, w0)
    let b = f32x4.mul(d0, w1)
    let c = f32x4.mul(next, w0)
    let d = f32x4.mul(next, w1)
    const w2 = v128.load(weights + 2 * step)
    a = fma(d1, w2, a)
    c = fma(d0, w2, c)
    const w3 = v128.load(weights + 3 * step)
    b = fma(d1, w3, b)
    d = fma(d0, w3, d)
    const w4 = v128.load(weights + 4 * step)
    a = fma(d2, w4, a)
    c = fma(d1, w4, c)
    if (adds) {
      a = f32x4.add(a, v128.load(to))
      b = f32x4.add(b, v128.load(to + step))
      c = f32x4.add(c, v128.load(to + 2 * step))
      d = f32x4.add(d, v128.load(to + 3 * step))
    }
    v128.store(to, a)
    v128.store(to + step, b)
    v128.store(to + 2 * step, c)
    v128.store(to + 3 * step, d)
    dy += 16
    weights += 16
    to += 16
  } while (to !== end)
}

/** By a row of 7 taps. */
export function pairsBySeven(dy: usize, step: usize, end: usize, weights: usize, to: usize, adds: bool): void {
  do {
    const next = v128.load(dy + step)
    const d0 = v128.load(dy)
    const d1 = v128.load(dy - step)
    const d2 = v128.load(dy - 2 * step)
    const d3 = v128.load(dy - 3 * step)
    const w0 = v128.load(weights)
    const w1 = v128.load(weights + step)
    let a = f32x4.mul(d0, w0)
    let b = f32x4.mul(d0, w1)
    let c = f32x4.mul(next, w0)
    let d = f32x4.mul(next, w1)
    const w2 = v128.load(weights + 2 * step)
    a = fma(d1, w2, a)
    c = fma(d0, w2, c)
    const w3 = v128.load(weights + 3 * step)
    b = fma(d1, w3, b)
    d = fma(d0, w3, d)
    const w4 = v128.load(weights + 4 * step)
    a = fma(d2, w4, a)
    c = fma(d1, w4, c)
    const w5 = v128.load(weights + 5 * step)
    b = fma(d2, w5, b)
    d = fma(d1, w5, d)
    const w6 = v128.load(weights + 6 * step)
    a = fma(d3, w6, a)
    c = fma(d2, w6, c)
    if (adds) {
      a = f32x4.add(a, v128.load(to))
      b = f32x4.add(b, v128.load(to + step))
      c = f32x4.add(c, v128.load(to + 2 * step))
      d = f32x4.add(d, v128.load(to + 3 * step))
    }
    v128.store(to, a)
    v128.store(to + step, b)
    v128.store(to + 2 * step, c)
    v128.store(to + 3 * step, d)
    dy += 16
    weights += 16
    to += 16
  } while (to !== end)
}
