import { outHeightAt, outWidthAt, padLeftAt, padTopAt } from '../src/engine/job-fields'
import { pixelAt } from './indirection'
import { field } from './job'

/** Writes the addresses of the 4x4 pixels that tile number `index` reads. */
export function tilePixels(job: usize, index: i32, table: usize): void {
  const across = (field(job, outWidthAt) + 1) >> 1
  const down = (field(job, outHeightAt) + 1) >> 1
  const image = index / (across * down)
  const tileAt = index - image * across * down
  const row = tileAt / across
  const top = (row << 1) - field(job, padTopAt)
  const left = ((tileAt - row * across) << 1) - field(job, padLeftAt)
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 4; x++) {
      store<u32>(table + ((<usize>(y * 4 + x)) << 2), <u32>pixelAt(job, image, top + y, left + x))
    }
  }
}

/** Four channels, `c` bytes from the first, of B^T d B: a value for each of 16 planes. */
export function transformInput(table: usize, c: usize, to: usize, planeBytes: usize): void {
  // B^T d, row by row of the result, then (B^T d) B.
  differences(table, table + 32, c, to, planeBytes)
  to += planeBytes << 2
  const t0 = f32x4.add(pixel(table + 16, c), pixel(table + 32, c))
  const t1 = f32x4.add(pixel(table + 20, c), pixel(table + 36, c))
  const t2 = f32x4.add(pixel(table + 24, c), pixel(table + 40, c))
  const t3 = f32x4.add(pixel(table + 28, c), pixel(table + 44, c))
  storeInputRow(t0, t1, t2, t3, to, planeBytes)
  to += planeBytes << 2
  differences(table + 32, table + 16, c, to, planeBytes)
  differences(table + 16, table + 48, c, to + (planeBytes << 2), planeBytes)
}

/** A row of the result from the difference of two rows of pixels. */
function differences(a: usize, b: usize, c: usize, to: usize, planeBytes: usize): void {
  const t0 = f32x4.sub(pixel(a, c), pixel(b, c))
  const t1 = f32x4.sub(pixel(a + 4, c), pixel(b + 4, c))
  const t2 = f32x4.sub(pixel(a + 8, c), pixel(b + 8, c))
  const t3 = f32x4.sub(pixel(a + 12, c), pixel(b + 12, c))
  storeInputRow(t0, t1, t2, t3, to, planeBytes)
}

/** So short that the compiler sets it in where it is called. */
function pixel(table: usize, c: usize): v128 {
  return v128.load(<usize>load<u32>(table) + c)
}

function storeInputRow(t0: v128, t1: v128, t2: v128, t3: v128, to: usize, planeBytes: usize): void {
  v128.store(to, f32x4.sub(t0, t2))
  v128.store(to + planeBytes, f32x4.add(t1, t2))
  v128.store(to + 2 * planeBytes, f32x4.sub(t2, t1))
  v128.store(to + 3 * planeBytes, f32x4.sub(t1, t3))
}
