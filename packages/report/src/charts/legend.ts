import type { Markish, SymbolType } from '@observablehq/plot'
import { finish, type Pen, sketch } from './drawing.ts'
import { color, seriesColor } from './palette.ts'

const symbols: SymbolType[] = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross']

/** The shape of the n-th run's points: with six colours and seven shapes, 42 runs differ. */
export const symbolOf = (index: number): SymbolType => symbols[index % symbols.length]!

const rowHeight = 20

/** Positions in pixels from the corner. */
const pixels = { margin: 0, x: { type: 'identity' }, y: { type: 'identity' }, axis: null } as const

const dashes = { strokeDasharray: '2 4' }

const stroke = (pen: Pen, from: number, y: number, stroke: string, style = {}): Markish =>
  pen.plot.line([from, from + 26], { x: (x: number) => x, y: () => y, stroke, strokeWidth: 2, ...style })

const swatch = (pen: Pen, index: number, from: number, y: number): Markish[] => [
  stroke(pen, from, y, seriesColor(index)),
  pen.plot.dot([from + 13], {
    x: (x: number) => x,
    y: () => y,
    fill: seriesColor(index),
    symbol: symbolOf(index),
    r: 4,
  }),
]

/** A row for each run and, where there are two kinds of lines, one that says what solid and dashed mean. */
export function curveLegend(
  pen: Pen,
  curves: { name: string; index: number }[],
  options: { width: number; kinds: boolean },
): SVGSVGElement {
  const rows = curves.length + (options.kinds ? 1 : 0)
  const middle = (row: number): number => row * rowHeight + rowHeight / 2 + 8
  const last = middle(curves.length)
  const label = (text: string, x: number, y: number): Markish =>
    pen.plot.text([text], {
      x: () => x,
      y: () => y,
      textAnchor: 'start',
      lineWidth: (options.width - x) / 14,
      textOverflow: 'ellipsis',
      fill: color('ink'),
    })
  const kinds = [
    stroke(pen, 14, last, color('muted')),
    label('held out', 50, last),
    stroke(pen, 124, last, color('muted'), dashes),
    label('training', 160, last),
  ]
  return sketch(pen, {
    ...pixels,
    width: options.width,
    height: rows * rowHeight + 12,
    marks: [
      ...curves.flatMap(({ name, index }, row) => [
        ...swatch(pen, index, 14, middle(row)),
        label(name, 50, middle(row)),
      ]),
      ...(options.kinds ? kinds : []),
    ],
  })
}

/** The mark of a run for a legend in HTML: decoration beside its name, and so without an alternative text. */
export function swatchSvg(pen: Pen, index: number): string {
  const svg = sketch(pen, { ...pixels, width: 26, height: 14, marks: swatch(pen, index, 0, 7) })
  return finish(pen, svg, undefined, 'page')
}
