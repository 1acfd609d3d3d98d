import type { Markish } from '@observablehq/plot'
import { type ConfusionMatrix, checkConfusionMatrix, rowSums, tally } from '../statistics/confusion-matrix.ts'
import { cleanData, count, percent, pictures, shorten } from '../text.ts'
import { type ChartOptions, finish, type Pen, type Place, sketch, takePen } from './drawing.ts'
import { color } from './palette.ts'

/** Up to here each cell shows its count; above, colour alone says what is frequent. */
export const readableClasses = 20

interface Cell {
  truth: number
  predicted: number
  count: number
  share: number
}

function cellsOf(matrix: ConfusionMatrix): Cell[] {
  const support = rowSums(matrix)
  return matrix.counts.flatMap((row, truth) =>
    row.map((value, predicted) => ({
      truth,
      predicted,
      count: value,
      share: support[truth] ? value / support[truth] : 0,
    })),
  )
}

/** Names on the axes, and how much room they take at about seven pixels a letter. */
function namesOf(matrix: ConfusionMatrix): { names: string[]; room: number } {
  const names = matrix.classes.map((name) => shorten(name, 18))
  return { names, room: Math.max(20, ...names.map((name) => [...name].length * 7.2)) }
}

const title =
  (matrix: ConfusionMatrix) =>
  (cell: Cell): string =>
    `${matrix.classes[cell.truth]} taken for ${matrix.classes[cell.predicted]}: ${pictures(cell.count)}, ${percent(cell.share)} of the row`

/** Where things lie: pixels. */
interface Layout {
  cell: number
  left: number
  bottom: number
  names: string[]
  /** Whether each cell has room for its count. */
  readable: boolean
  /** Names below stand at a slant, because they are wider than their columns. */
  slanted: boolean
}

function layoutOf(matrix: ConfusionMatrix, width: number): Layout {
  const size = matrix.classes.length
  const { names, room } = namesOf(matrix)
  const readable = size <= readableClasses
  const left = room + 32
  const cell = Math.min(64, Math.max(readable ? 30 : 3, (width - left - 12) / Math.max(1, size)))
  const slanted = room > cell - 4
  return { cell, left, bottom: slanted ? Math.min(room, 140) * 0.72 + 44 : 46, names, readable, slanted }
}

function axes(pen: Pen, { cell, left, bottom, names, slanted }: Layout): Markish[] {
  const shared = { labelAnchor: 'center', labelArrow: 'none', tickSize: 0 } as const
  const ticks = cell >= 11 ? { tickFormat: (index: number) => names[index] ?? '' } : { ticks: [] }
  const slant = slanted && cell >= 11 ? { tickRotate: -40, textAnchor: 'end' as const } : {}
  return [
    pen.plot.axisY({ ...shared, ...ticks, label: 'truth', labelOffset: left - 6 }),
    pen.plot.axisX({ ...shared, ...ticks, ...slant, label: 'predicted', labelOffset: bottom - 6 }),
  ]
}

/** The cells: a ground and a count each while they are few, else only those that hold something. */
function cellMarks(pen: Pen, matrix: ConfusionMatrix, { cell, readable }: Layout): Markish[] {
  const cells = cellsOf(matrix)
  const filled = cells.filter((entry) => entry.count > 0)
  const at = { x: 'predicted', y: 'truth' } as const
  const shape = cell > 12 ? { inset: 1, rx: 2 } : {}
  const shaded = pen.plot.cell(filled, {
    ...at,
    ...shape,
    fill: (entry: Cell) => color(entry.truth === entry.predicted ? 'hit' : 'miss'),
    fillOpacity: (entry: Cell) => 0.18 + 0.82 * entry.share,
    title: title(matrix),
  })
  if (!readable) return [pen.plot.frame({ stroke: color('line') }), shaded]
  return [
    pen.plot.cell(cells, { ...at, ...shape, fill: color('line'), fillOpacity: 0.45 }),
    shaded,
    pen.plot.text(filled, {
      ...at,
      text: (entry: Cell) => count(entry.count),
      fill: color('ink'),
      fontSize: cell < 36 ? 11 : 13,
      fontVariant: 'tabular-nums',
      pointerEvents: 'none',
    }),
  ]
}

/** The matrix as a heat map; wider than asked for where its cells would become too small for their counts. */
export function drawConfusion(pen: Pen, matrix: ConfusionMatrix, options: { width: number; place: Place }): string {
  const size = matrix.classes.length
  const layout = layoutOf(matrix, options.width)
  const band = { type: 'band', domain: matrix.classes.map((_, index) => index), padding: 0, round: false } as const
  const svg = sketch(pen, {
    width: Math.round(layout.left + layout.cell * size + 12),
    height: Math.round(layout.cell * size + layout.bottom + 10),
    marginLeft: layout.left,
    marginRight: 12,
    marginTop: 10,
    marginBottom: layout.bottom,
    x: band,
    y: band,
    color: { type: 'identity' },
    opacity: { type: 'identity' },
    marks: [...cellMarks(pen, matrix, layout), ...axes(pen, layout)],
  })
  const { correct, total } = tally(matrix)
  const label = `Confusion matrix of ${size} classes: of ${pictures(total)}, ${count(correct)} lie on the diagonal.`
  return finish(pen, svg, label, options.place)
}

/**
 * A confusion matrix as a heat map: rows are the truth, columns the prediction; a cell's colour is its share of the row,
 * right ones blue, wrong ones orange. Up to 20 classes each cell shows its count; beyond, only filled cells are drawn.
 * It becomes wider than `width` where the counts would not fit.
 *
 * @returns an SVG document
 * @throws CnnkitError `BAD_MATRIX` for one that is not square, or holds what is not a count
 */
export async function confusionSvg(matrix: ConfusionMatrix, options: ChartOptions = {}): Promise<string> {
  checkConfusionMatrix(matrix)
  const { width = 560, theme = 'light' } = options
  return drawConfusion(await takePen(), cleanData(matrix), { width, place: theme })
}
