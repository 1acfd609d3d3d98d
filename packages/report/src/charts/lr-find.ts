import type { Markish } from '@observablehq/plot'
import { cleanData, decimal, rate } from '../text.ts'
import { type ChartOptions, finish, type Pen, type Place, sketch, takePen } from './drawing.ts'
import { color, seriesColor } from './palette.ts'
import { decade, decades } from './ticks.ts'

/** A step of a search for the learning rate. */
export interface LrFindPoint {
  /** Of the step, above 0. */
  readonly rate: number
  /** Of the batch, in nats. */
  readonly loss: number
  /** Its mean over the steps so far. */
  readonly smoothed: number
}

/** A search for the learning rate, as `lrFind` of `@cnnkit/transfer` gives it. */
export interface LrFindCurve {
  /** In the order of the steps, rates rising. */
  readonly points: readonly LrFindPoint[]
  /** The rate to begin with, which is marked. */
  readonly suggestion?: number | undefined
  /** The rate of the steepest fall, which is marked where it is another. */
  readonly steepest?: number | undefined
  /** A tenth of the rate of the least loss, which is marked where it is another. */
  readonly tenthOfLeast?: number | undefined
}

const margins = { left: 52, right: 18, top: 44, bottom: 42 } as const

/** Losses beyond so many times the first are above the frame: they would press the fall to the ground. */
const HEADROOM = 1.6

function drawSearch(pen: Pen, curve: LrFindCurve, { width, place }: { width: number; place: Place }): string {
  const points = curve.points.filter(({ rate: at, smoothed }) => at > 0 && Number.isFinite(smoothed))
  const height = Math.round(Math.min(320, width * 0.35 + 120))
  const rates = points.length > 0 ? points.map((point) => point.rate) : [1e-3, 1]
  const [least, most] = [Math.min(...rates), Math.max(...rates)]
  const domain = least < most ? [least, most] : [least / 2, most * 2]
  const top = HEADROOM * (points[0]?.smoothed ?? 1)
  const seen = points.flatMap(({ loss, smoothed }) => [loss, smoothed]).filter((value) => value <= top)
  const floor = Math.min(0.9 * Math.min(...seen, top), top)
  const ticks = decades(rates).filter((tick) => tick >= domain[0]! && tick <= domain[1]!)
  const stroke = seriesColor(0)
  const svg = sketch(pen, {
    width,
    height,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: margins.top,
    marginBottom: margins.bottom,
    x: { type: 'log', domain },
    y: { domain: [floor, top], clamp: true },
    marks: [
      pen.plot.gridY({ stroke: color('line'), strokeOpacity: 1, ticks: 5 }),
      pen.plot.axisY({ label: 'loss (nats)', tickSize: 0, ticks: 5 }),
      pen.plot.axisX(every(ticks, Math.max(2, Math.floor(width / 60))), {
        label: 'learning rate, log scale',
        labelAnchor: 'right',
        tickFormat: decade,
        tickSize: 4,
      }),
      pen.plot.dot(
        points.filter(({ loss }) => Number.isFinite(loss) && loss <= top),
        { x: 'rate', y: 'loss', fill: color('muted'), fillOpacity: 0.45, r: 1.6 },
      ),
      pen.plot.line(
        points.map(({ rate: at, smoothed }) => ({ rate: at, smoothed: Math.min(smoothed, top) })),
        { x: 'rate', y: 'smoothed', stroke, strokeWidth: 2 },
      ),
      ...marksOf(curve).flatMap((one, row) => mark(pen, points, { ...one, row })),
    ],
  })
  return finish(pen, svg, describe(curve, points), place)
}

interface Mark {
  readonly name: string
  readonly at: number
  /** Of the series whose colour it has. */
  readonly index: number
}

/** The rates to mark, each once. */
function marksOf({ suggestion, steepest, tenthOfLeast }: LrFindCurve): readonly Mark[] {
  const all = [
    { name: 'suggestion', at: suggestion, index: 2 },
    { name: 'steepest', at: steepest, index: 1 },
    { name: 'least / 10', at: tenthOfLeast, index: 3 },
  ]
  return all.filter((one, i): one is Mark => one.at !== undefined && all.findIndex(({ at }) => at === one.at) === i)
}

/** A rate as an upright line with its name above the frame. */
function mark(
  pen: Pen,
  points: readonly LrFindPoint[],
  { at, name, row, index }: Mark & { readonly row: number },
): Markish[] {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || at < first.rate || at > last.rate) return []
  const near = Math.log(at / first.rate) / Math.log(last.rate / first.rate)
  return [
    pen.plot.ruleX([at], { stroke: seriesColor(index), strokeWidth: 1.5, strokeDasharray: '4 3' }),
    pen.plot.text([`${name} ${rate(at)}`], {
      x: () => at,
      frameAnchor: 'top',
      dy: row * 13 - 26,
      dx: near > 0.5 ? -4 : 4,
      textAnchor: near > 0.5 ? 'end' : 'start',
      fill: color('ink'),
    }),
  ]
}

/** At most about so many of the ticks, evenly. */
function every(ticks: readonly number[], count: number): number[] {
  const step = Math.ceil(ticks.length / count)
  return ticks.filter((_, i) => i % step === 0)
}

function describe({ suggestion, steepest }: LrFindCurve, points: readonly LrFindPoint[]): string {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return 'Search for a learning rate: no point with a finite loss.'
  const least = points.reduce((best, point) => (point.smoothed < best.smoothed ? point : best))
  const marks = [
    ...(suggestion === undefined ? [] : [`Suggested: ${rate(suggestion)}.`]),
    ...(steepest === undefined ? [] : [`Steepest fall at ${rate(steepest)}.`]),
  ]
  return [
    `Loss over the learning rate in ${points.length} steps from ${rate(first.rate)} to ${rate(last.rate)}:`,
    `least ${decimal(least.smoothed)} at ${rate(least.rate)}.`,
    ...marks,
  ].join(' ')
}

/**
 * A search for the learning rate: the loss of each batch as dots and their running mean as a line over the rate, with the rates that it
 * suggests. Losses far above the first are cut off at the frame.
 *
 * @returns an SVG document
 */
export async function lrFindSvg(curve: LrFindCurve, options: ChartOptions = {}): Promise<string> {
  const { width = 560, theme = 'light' } = options
  return drawSearch(await takePen(), cleanData(curve), { width, place: theme })
}
