import type { Run } from '../report.ts'
import { cleanData, percent, percentRange } from '../text.ts'
import { type ChartOptions, finish, type Pen, type Place, sketch, takePen } from './drawing.ts'
import { symbolOf } from './legend.ts'
import { color, seriesColor } from './palette.ts'
import { percentDomain } from './ticks.ts'

/** What the comparison needs to know of a run. */
export type ComparedRun = Pick<Run, 'name' | 'accuracy' | 'interval'>

const rowHeight = 46

/** A row for each run: its name, and below it a dot on its 95 % interval. */
export function drawComparison(
  pen: Pen,
  runs: readonly ComparedRun[],
  options: { width: number; place: Place },
): string {
  const [low, high] = percentDomain(runs.flatMap((run) => [run.accuracy, ...run.interval]))
  const rows = runs.map((run, index) => ({ ...run, index, from: run.interval[0] * 100, to: run.interval[1] * 100 }))
  type Row = (typeof rows)[number]
  const stroke = (row: Row): string => seriesColor(row.index)
  const text = {
    y: 'index',
    dy: -17,
    fill: color('ink'),
    lineWidth: options.width / 22,
    textOverflow: 'ellipsis',
  } as const
  const svg = sketch(pen, {
    width: options.width,
    height: runs.length * rowHeight + 58,
    marginLeft: 14,
    marginRight: 62,
    marginTop: 8,
    marginBottom: 40,
    x: { domain: [low, high] },
    y: { type: 'band', domain: rows.map((row) => row.index), padding: 0, axis: null },
    color: { type: 'identity' },
    marks: [
      pen.plot.gridX({ stroke: color('line'), strokeOpacity: 1, ticks: options.width / 90 }),
      pen.plot.axisX({ label: 'held-out accuracy (%)', labelAnchor: 'right', tickSize: 0, ticks: options.width / 90 }),
      pen.plot.text(rows, { ...text, x: low, dx: 2, textAnchor: 'start', text: 'name' }),
      ...rows.flatMap((row) => {
        const at = {
          y: 'index',
          dy: 6,
          title: () => `${row.name}: ${percent(row.accuracy)}, ${percentRange(row.interval)}`,
        }
        return [
          pen.plot.ruleY([row], { ...at, x1: 'from', x2: 'to', stroke, strokeWidth: 2 }),
          pen.plot.tickX([row], { ...at, x: 'from', stroke, strokeWidth: 2, insetTop: 18, insetBottom: 18 }),
          pen.plot.tickX([row], { ...at, x: 'to', stroke, strokeWidth: 2, insetTop: 18, insetBottom: 18 }),
          pen.plot.dot([row], { ...at, x: row.accuracy * 100, fill: stroke, symbol: symbolOf(row.index), r: 5.5 }),
          pen.plot.text([row], {
            ...at,
            x: 'to',
            dx: 8,
            textAnchor: 'start',
            fill: color('ink'),
            text: () => percent(row.accuracy),
          }),
        ]
      }),
    ],
  })
  const values = runs.map((run) => `${run.name}: ${percent(run.accuracy)}, ${percentRange(run.interval)}`)
  return finish(pen, svg, `Held-out accuracy with its 95 % interval. ${values.join('. ')}.`, options.place)
}

/**
 * The accuracy of each run on pictures it has not seen: a dot on its 95 % interval, one row a run.
 *
 * @returns an SVG document
 */
export async function accuracyComparisonSvg(runs: readonly ComparedRun[], options: ChartOptions = {}): Promise<string> {
  const { width = 560, theme = 'light' } = options
  return drawComparison(await takePen(), cleanData(runs), { width, place: theme })
}
