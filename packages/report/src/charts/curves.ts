import type { Markish } from '@observablehq/plot'
import type { TrainingCurve } from '../report.ts'
import { cleanData } from '../text.ts'
import { allPoints, type CurveMetric, drawn, type Metric, metrics, type Point, points } from './curve-metrics.ts'
import { type ChartOptions, finish, type Pen, type Place, sketch, stack, takePen } from './drawing.ts'
import { curveLegend, symbolOf } from './legend.ts'
import { color, seriesColor } from './palette.ts'
import { decade, decades, percentDomain, wholeTicks } from './ticks.ts'

/** A curve and its place among the runs, which gives it its colour. */
export type PlacedCurve = TrainingCurve & { index: number }

/** A loss that explodes would press all others to the ground: then the axis counts in powers. */
function needsLog(values: number[]): boolean {
  const sorted = [...values].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return (sorted[0] ?? 0) > 0 && (sorted.at(-1) ?? 0) > 20 * median
}

/** The two lines of a run, with a mark on each epoch of the one that counts while they are few. */
function marksOf(pen: Pen, curve: PlacedCurve, metric: Metric, scale: number): Markish[] {
  const stroke = seriesColor(curve.index)
  const at = { x: 'epoch', y: (point: Point) => point.value * scale }
  const solid = points(curve.epochs, metric.solid)
  const dashed = points(curve.epochs, metric.dashed)
  const leading = drawn(drawn(solid).length > 0 ? solid : dashed)
  const { kind } = (drawn(solid).length > 0 ? metric.solid : metric.dashed) ?? metric.solid
  const lone = drawn(solid).length > 0 && drawn(dashed).length === 1 ? drawn(dashed) : []
  return [
    pen.plot.line(dashed, { ...at, stroke, strokeWidth: 1.5, strokeDasharray: '2 4' }),
    pen.plot.dot(lone, { ...at, stroke, r: 3, strokeWidth: 1.5 }),
    pen.plot.line(solid, { ...at, stroke, strokeWidth: 2 }),
    pen.plot.dot(leading.length > 30 ? leading.slice(-1) : leading, {
      ...at,
      fill: stroke,
      symbol: symbolOf(curve.index),
      r: 3.2,
      title: (point: Point) => `${curve.name}, epoch ${point.epoch}, ${kind}: ${metric.show(point.value)}`,
    }),
  ]
}

/** The alternative text: what is drawn and where each run ends. */
function describe(curves: PlacedCurve[], metric: Metric): string {
  const ends = curves.map(({ name, epochs }) => {
    const parts = [metric.solid, metric.dashed].flatMap((line) => {
      const last = drawn(points(epochs, line)).at(-1)
      return line && last ? [`${line.kind} ${metric.show(last.value)} in epoch ${last.epoch}`] : []
    })
    return `${name}: ${parts.join(', ') || 'no number'}`
  })
  return `${metric.title} over the epochs. ${ends.join('. ')}.`
}

/** The chart of one metric, with its legend where it stands alone. */
export function drawCurves(
  pen: Pen,
  curves: PlacedCurve[],
  options: { metric: CurveMetric; width: number; place: Place; legend: boolean },
): string {
  const metric = metrics[options.metric]
  const shares = options.metric === 'accuracy'
  const scale = shares ? 100 : 1
  const all = allPoints(curves, metric)
  const values = drawn(all).map((point) => point.value)
  const epochs = all.map((point) => point.epoch).filter(Number.isFinite)
  const [first, last] = epochs.length > 0 ? [Math.min(...epochs), Math.max(...epochs)] : [0, 1]
  const log = options.metric !== 'accuracy' && needsLog(values)
  const ticks = log ? decades(values) : 5
  const domain = shares ? percentDomain(values) : [0, Math.max(...values, Number.MIN_VALUE)]
  const svg = sketch(pen, {
    width: options.width,
    height: Math.round(Math.min(300, options.width * 0.3 + 120)),
    marginLeft: 52,
    marginRight: 14,
    marginTop: 30,
    marginBottom: 40,
    x: { domain: first === last ? [first - 1, last + 1] : [first, last] },
    y: log ? { type: 'log', nice: true } : values.length > 0 ? { domain, nice: !shares } : { domain: [0, 1] },
    marks: [
      pen.plot.gridY({ stroke: color('line'), strokeOpacity: 1, ticks }),
      pen.plot.axisY({
        label: log ? `${metric.label}, log scale` : metric.label,
        tickSize: 0,
        ticks,
        ...(log && { tickFormat: decade }),
      }),
      pen.plot.axisX(first === last ? [first] : wholeTicks(first, last, options.width / 60), {
        label: 'epoch',
        labelAnchor: 'right',
        tickFormat: String,
        tickSize: 4,
      }),
      ...curves.flatMap((curve) => marksOf(pen, curve, metric, scale)),
    ],
  })
  const parts = options.legend
    ? [curveLegend(pen, curves, { width: options.width, kinds: metric.dashed !== undefined }), svg]
    : [svg]
  return finish(pen, stack(pen, parts), describe(curves, metric), options.place)
}

/**
 * The course of one metric over the epochs, all runs in one chart: a colour and a shape each, the held-out pictures as a
 * solid line, the training pictures as a dashed one. Values that are not finite are gaps.
 *
 * @returns an SVG document
 */
export async function curvesSvg(
  curves: readonly TrainingCurve[],
  options: ChartOptions & { metric: CurveMetric },
): Promise<string> {
  const placed = cleanData(curves).map((curve, index) => ({ ...curve, index }))
  const { metric, width = 560, theme = 'light' } = options
  return drawCurves(await takePen(), placed, { metric, width, place: theme, legend: true })
}
