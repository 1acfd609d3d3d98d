import { loadSome, storeSome } from './lanes'

/**
 * Writes a matrix `[rows, columns]` as `[columns, rows]`, by squares of four, and these by squares of sixteen: so that what is read and
 * written are whole lines of the cache.
 */
export function transpose(from: usize, to: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += 16) {
    for (let column = 0; column < columns; column += 16) {
      square(from, to, rows, columns, row, column)
    }
  }
}

function square(from: usize, to: usize, rows: i32, columns: i32, firstRow: i32, firstColumn: i32): void {
  const step = (<usize>columns) << 2
  const toStep = (<usize>rows) << 2
  const lastRow = min(rows, firstRow + 16)
  const lastColumn = min(columns, firstColumn + 16)
  for (let row = firstRow; row < lastRow; row += 4) {
    const down = rows - row
    for (let column = firstColumn; column < lastColumn; column += 4) {
      const across = columns - column
      const at = from + <usize>row * step + ((<usize>column) << 2)
      const a = loadSome(at, across)
      const b = down > 1 ? loadSome(at + step, across) : a
      const c = down > 2 ? loadSome(at + 2 * step, across) : a
      const d = down > 3 ? loadSome(at + 3 * step, across) : a
      const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
      const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
      const abNext = i32x4.shuffle(a, b, 2, 6, 3, 7)
      const cdNext = i32x4.shuffle(c, d, 2, 6, 3, 7)
      const target = to + <usize>column * toStep + ((<usize>row) << 2)
      storeSome(target, i64x2.shuffle(ab, cd, 0, 2), down)
      if (across > 1) storeSome(target + toStep, i64x2.shuffle(ab, cd, 1, 3), down)
      if (across > 2) storeSome(target + 2 * toStep, i64x2.shuffle(abNext, cdNext, 0, 2), down)
      if (across > 3) storeSome(target + 3 * toStep, i64x2.shuffle(abNext, cdNext, 1, 3), down)
    }
  }
}
