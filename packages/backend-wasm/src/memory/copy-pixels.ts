import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type Engine, engineOf } from '../engine/engine.ts'
import { copyKind } from '../engine/job-fields.ts'
import { wordsOf } from './heap.ts'

/** How pixels lie in the heap; all in words. */
export interface Lattice {
  /** Of the first channel of the first pixel. */
  readonly offset: number
  /** From one image to the next. */
  readonly image: number
  /** From one row to the next. */
  readonly row: number
  /** From one pixel of a row to the next. */
  readonly pixel: number
}

/** How many images, rows and pixels a row are copied, and how many channels each pixel has. */
export interface Extent {
  readonly images: number
  readonly rows: number
  readonly columns: number
  readonly channels: number
}

/** The pixels of a dense `[images, height, width, channels]` tensor, from (row, column) on, each `step` apart. */
export function lattice(
  offset: number,
  [height, width, channels]: readonly [number, number, number],
  start: readonly [number, number] = [0, 0],
  step: readonly [number, number] = [1, 1],
): Lattice {
  const row = width * channels
  return {
    offset: offset + start[0] * row + start[1] * channels,
    image: height * row,
    row: step[0] * row,
    pixel: step[1] * channels,
  }
}

/** Copies pixels between two layouts of the heap, which do not overlap: by the engine where there is one, with all its threads. */
export function copyPixels(backend: BackendWasm, from: Lattice, to: Lattice, extent: Extent): void {
  const engine = engineOf(backend)
  if (engine === undefined) copyHere(wordsOf(backend), from, to, extent)
  else copyOn(engine, from, to, extent)
}

/** Words of a unit: fewer are copied before a thread would be awake. */
const blockSize = 1 << 14

function copyOn(engine: Engine, from: Lattice, to: Lattice, { images, rows, columns, channels }: Extent): void {
  // Pixels side by side are one long pixel, and a row alone is many short ones.
  const joined = from.pixel === channels && to.pixel === channels
  const [height, width, run] = joined ? [rows, 1, columns * channels] : [rows, columns, channels]
  const [count, across] = height === 1 && images === 1 ? [width, 1] : [height, width]
  const [fromRow, toRow] = count === height ? [from.row, to.row] : [from.pixel, to.pixel]
  if (images * count * across * run === 0) return
  const blockRows = Math.max(1, Math.floor(blockSize / (across * run)))
  engine.run({
    kind: copyKind,
    units: Math.ceil((images * count) / blockRows),
    rows: images * count,
    blockRows,
    inHeight: count,
    inWidth: across,
    inChannels: run,
    input: 4 * from.offset,
    output: 4 * to.offset,
    fromImage: 4 * from.image,
    fromRow: 4 * fromRow,
    fromPixel: 4 * from.pixel,
    toImage: 4 * to.image,
    toRow: 4 * toRow,
    toPixel: 4 * to.pixel,
  })
}

/** From here on a call of copyWithin a pixel beats a loop over its channels (measured: 0.5 against 2 ns a value at 64). */
const longPixel = 24

function copyHere(words: Int32Array, from: Lattice, to: Lattice, extent: Extent): void {
  const { images, rows, columns, channels } = extent
  const run = columns * channels
  const contiguous = from.pixel === channels && to.pixel === channels
  const whole = contiguous && from.row === run && to.row === run
  for (let image = 0; image < images; image++) {
    let source = from.offset + image * from.image
    let target = to.offset + image * to.image
    if (whole) {
      words.copyWithin(target, source, source + rows * run)
      continue
    }
    for (let row = 0; row < rows; row++) {
      if (contiguous) words.copyWithin(target, source, source + run)
      else copyRow(words, source, target, columns, channels, from.pixel, to.pixel)
      source += from.row
      target += to.row
    }
  }
}

function copyRow(
  words: Int32Array,
  source: number,
  target: number,
  columns: number,
  channels: number,
  sourceStep: number,
  targetStep: number,
): void {
  for (let column = 0; column < columns; column++) {
    if (channels >= longPixel) words.copyWithin(target, source, source + channels)
    else for (let c = 0; c < channels; c++) words[target + c] = words[source + c]!
    source += sourceStep
    target += targetStep
  }
}
