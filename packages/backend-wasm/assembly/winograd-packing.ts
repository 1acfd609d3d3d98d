import { loadSome } from './lanes'

/** Bytes from a plane of a panel of weights to the next: a line of the cache more, as all would else begin in the same set of it. */
export function weightPlane(depth: i32): usize {
  return ((<usize>depth) << 5) + 64
}

/**
 * Writes G g G^T of a filter `[3, 3, depth, channels]` as `[channels / 8, 16, depth, 8]`, each plane {@link weightPlane} long, filled up with
 * zeros.
 *
 * @param row floats from one row of channels to the next: more than `channels` for those of a group
 */
export function packWinograd(from: usize, to: usize, depth: i32, channels: i32, row: i32): void {
  const plane = weightPlane(depth)
  const tap = (<usize>(depth * row)) << 2
  for (let channel = 0; channel < channels; channel += 8) {
    for (let k = 0; k < depth; k++) {
      for (let part = 0; part < 8; part += 4) {
        const count = channels - channel - part
        const source = from + ((<usize>(k * row + channel + part)) << 2)
        const target = to + ((<usize>k) << 5) + ((<usize>part) << 2)
        if (count >= 4) transformFilter(source, tap, target, plane)
        else {
          for (let i: usize = 0; i < 9; i++) {
            v128.store(target + i * plane, count > 0 ? loadSome(source + i * tap, count) : f32x4.splat(0))
          }
          transformFilter(target, plane, target, plane)
        }
      }
    }
    to += 16 * plane
  }
}

/**
 * The same of the filter `[3, 3, channels, depth]` turned by half a turn and with its channels exchanged, which the gradient for the
 * input goes by. Its taps are first copied to where their planes will be.
 */
export function packWinogradTurned(from: usize, to: usize, depth: i32, channels: i32): void {
  const plane = weightPlane(depth)
  const tap = (<usize>(depth * channels)) << 2
  for (let channel = 0; channel < channels; channel += 8) {
    for (let k = 0; k < depth; k += 4) {
      for (let part = 0; part < 8; part += 4) {
        const source = from + ((<usize>((channel + part) * depth + k)) << 2)
        const target = to + ((<usize>k) << 5) + ((<usize>part) << 2)
        const rows = channels - channel - part
        const columns = min(4, depth - k)
        for (let i: usize = 0; i < 9; i++) {
          turnSquare(source + (8 - i) * tap, (<usize>depth) << 2, target + i * plane, rows, columns)
        }
        for (let i = 0; i < columns; i++) {
          const at = target + ((<usize>i) << 5)
          transformFilter(at, plane, at, plane)
        }
      }
    }
    to += 16 * plane
  }
}

/** Writes four rows of four columns as columns, 32 bytes apart; zeros where there are fewer rows. */
function turnSquare(from: usize, step: usize, to: usize, rows: i32, columns: i32): void {
  if (rows < 4 || columns < 4) {
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < 4; row++) {
        const at = ((<usize>column) << 5) + ((<usize>row) << 2)
        store<f32>(to + at, row < rows ? load<f32>(from + <usize>row * step + ((<usize>column) << 2)) : 0)
      }
    }
    return
  }
  const a = v128.load(from)
  const b = v128.load(from + step)
  const c = v128.load(from + 2 * step)
  const d = v128.load(from + 3 * step)
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
  const abNext = i32x4.shuffle(a, b, 2, 6, 3, 7)
  const cdNext = i32x4.shuffle(c, d, 2, 6, 3, 7)
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2))
  v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32)
  v128.store(to, i64x2.shuffle(abNext, cdNext, 0, 2), 64)
  v128.store(to, i64x2.shuffle(abNext, cdNext, 1, 3), 96)
}

/** G g G^T of four channels: nine taps, `tap` bytes apart, become 16 planes. All are read before any is written. */
function transformFilter(from: usize, tap: usize, to: usize, plane: usize): void {
  const row = 3 * tap
  const half = f32x4.splat(0.5)
  const a0 = v128.load(from)
  const a1 = v128.load(from + tap)
  const a2 = v128.load(from + 2 * tap)
  from += row
  const m0 = v128.load(from)
  const m1 = v128.load(from + tap)
  const m2 = v128.load(from + 2 * tap)
  from += row
  const d0 = v128.load(from)
  const d1 = v128.load(from + tap)
  const d2 = v128.load(from + 2 * tap)
  const s0 = f32x4.add(a0, d0)
  const s1 = f32x4.add(a1, d1)
  const s2 = f32x4.add(a2, d2)
  const b0 = f32x4.mul(half, f32x4.add(s0, m0))
  const b1 = f32x4.mul(half, f32x4.add(s1, m1))
  const b2 = f32x4.mul(half, f32x4.add(s2, m2))
  const c0 = f32x4.mul(half, f32x4.sub(s0, m0))
  const c1 = f32x4.mul(half, f32x4.sub(s1, m1))
  const c2 = f32x4.mul(half, f32x4.sub(s2, m2))
  storeFilterRow(a0, a1, a2, to, plane)
  storeFilterRow(b0, b1, b2, to + 4 * plane, plane)
  storeFilterRow(c0, c1, c2, to + 8 * plane, plane)
  storeFilterRow(d0, d1, d2, to + 12 * plane, plane)
}

function storeFilterRow(left: v128, middle: v128, right: v128, to: usize, plane: usize): void {
  const half = f32x4.splat(0.5)
  const outer = f32x4.add(left, right)
  v128.store(to, left)
  v128.store(to + plane, f32x4.mul(half, f32x4.add(outer, middle)))
  v128.store(to + 2 * plane, f32x4.mul(half, f32x4.sub(outer, middle)))
  v128.store(to + 3 * plane, right)
}
