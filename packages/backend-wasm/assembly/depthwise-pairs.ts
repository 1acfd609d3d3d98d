// A pair of pixels of the input of a depthwise convolution at stride 2: a pixel of dy and those before it reach the first of the pair
// through the even taps, the second through the odd ones. All are `step` bytes apart. Channel after channel, so that memory is
// written in one go.

import { fma } from './fma'

/** By a row of 3 taps. */
export function pairByThree(dy: usize, step: usize, end: usize, weights: usize, to: usize, adds: bool): void {
  do {
    const d0 = v128.load(dy)
    const d1 = v128.load(dy - step)
    let even = fma(d1, v128.load(weights + 2 * step), f32x4.mul(d0, v128.load(weights)))
    let odd = f32x4.mul(d0, v128.load(weights + step))
    if (adds) {
      even = f32x4.add(even, v128.load(to))
      odd = f32x4.add(odd, v128.load(to + step))
    }
    v128.store(to, even)
    v128.store(to + step, odd)
    dy += 16
    weights += 16
    to += 16
  } while (to !== end)
}

/** By a row of 5 taps. */
export function pairByFive(dy: usize, step: usize, end: usize, weights: usize, to: usize, adds: bool): void {
  do {
    const d0 = v128.load(dy)
    const d1 = v128.load(dy - step)
    const d2 = v128.load(dy - 2 * step)
    let even = fma(
      d2,
      v128.load(weights + 4 * step),
      fma(d1, v128.load(weights + 2 * step), f32x4.mul(d0, v128.load(weights))),
    )
    let odd = fma(d1, v128.load(weights + 3 * step), f32x4.mul(d0, v128.load(weights + step)))
    if (adds) {
      even = f32x4.add(even, v128.load(to))
      odd = f32x4.add(odd, v128.load(to + step))
    }
    v128.store(to, even)
    v128.store(to + step, odd)
    dy += 16
    weights += 16
    to += 16
  } while (to !== end)
}

/** By a row of 7 taps. */
export function pairBySeven(dy: usize, step: usize, end: usize, weights: usize, to: usize, adds: bool): void {
  do {
    const d0 = v128.load(dy)
    const d1 = v128.load(dy - step)
    const d2 = v128.load(dy - 2 * step)
    const d3 = v128.load(dy - 3 * step)
    let even = fma(
      d3,
      v128.load(weights + 6 * step),
      fma(d2, v128.load(weights + 4 * step), fma(d1, v128.load(weights + 2 * step), f32x4.mul(d0, v128.load(weights)))),
    )
    let odd = fma(
      d2,
      v128.load(weights + 5 * step),
      fma(d1, v128.load(weights + 3 * step), f32x4.mul(d0, v128.load(weights + step))),
    )
    if (adds) {
      even = f32x4.add(even, v128.load(to))
      odd = f32x4.add(odd, v128.load(to + step))
    }
    v128.store(to, even)
    v128.store(to + step, odd)
    dy += 16
    weights += 16
    to += 16
  } while (to !== end)
}
