import { loadSome } from './lanes'

/** Writes G g G^T of a filter `[3, 3, depth, channels]` as `[channels / 8, 16, depth, 8]`, filled up with zeros. */
export function packWinograd(from: usize, to: usize, depth: i32, channels: i32): void {
  const half = f32x4.splat(0.5)
  const plane = (<usize>depth) << 5
  const tap = (<usize>(depth * channels)) << 2
  for (let channel = 0; channel < channels; channel += 8) {
    for (let k = 0; k < depth; k++) {
      for (let part = 0; part < 8; part += 4) {
        const count = channels - channel - part
        const source = from + ((<usize>(k * channels + channel + part)) << 2)
        let target = to + ((<usize>k) << 5) + ((<usize>part) << 2)
        for (let row = 0; row < 4; row++) {
          const g0 = filterColumn(source, tap, row, count, half)
          const g1 = filterColumn(source + tap, tap, row, count, half)
          const g2 = filterColumn(source + 2 * tap, tap, row, count, half)
          const outer = f32x4.add(g0, g2)
          v128.store(target, g0)
          v128.store(target + plane, f32x4.mul(half, f32x4.add(outer, g1)))
          v128.store(target + 2 * plane, f32x4.mul(half, f32x4.sub(outer, g1)))
          v128.store(target + 3 * plane, g2)
          target += 4 * plane
        }
      }
    }
    to += 16 * plane
  }
}

/** A value of G times a column of the filter, whose rows are three taps apart. */
function filterColumn(from: usize, tap: usize, row: i32, count: i32, half: v128): v128 {
  if (count <= 0) return f32x4.splat(0)
  if (row === 0) return loadSome(from, count)
  const bottom = loadSome(from + 6 * tap, count)
  if (row === 3) return bottom
  const outer = f32x4.add(loadSome(from, count), bottom)
  const middle = loadSome(from + 3 * tap, count)
  return f32x4.mul(half, row === 1 ? f32x4.add(outer, middle) : f32x4.sub(outer, middle))
}
