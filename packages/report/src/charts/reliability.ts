import { type CalibrationBin, calibrationError } from '../statistics/calibration.ts'
import { count, percent, pictures } from '../text.ts'
import { type ChartOptions, finish, type Pen, type Place, sketch, takePen } from './drawing.ts'
import { color, seriesColor } from './palette.ts'

/** The reliability diagram of one run, in the colour of its place among the runs. */
export function drawReliability(
  pen: Pen,
  bins: readonly CalibrationBin[],
  options: { width: number; place: Place; index: number },
): string {
  const filled = bins.filter((bin) => bin.count > 0)
  const axis = { domain: [0, 100], ticks: [0, 20, 40, 60, 80, 100] }
  const at = { x: (bin: CalibrationBin) => bin.confidence * 100, y: (bin: CalibrationBin) => bin.accuracy * 100 }
  const stroke = seriesColor(options.index)
  const svg = sketch(pen, {
    width: options.width,
    height: Math.min(360, options.width),
    marginLeft: 46,
    marginRight: 16,
    marginTop: 30,
    marginBottom: 42,
    x: axis,
    y: axis,
    r: { range: [3, 12] },
    marks: [
      pen.plot.gridY({ stroke: color('line'), strokeOpacity: 1 }),
      pen.plot.axisY({ label: 'accuracy (%)', tickSize: 0 }),
      pen.plot.axisX({ label: 'mean probability of the prediction (%)', labelAnchor: 'right', tickSize: 4 }),
      pen.plot.line([0, 100], {
        x: (value: number) => value,
        y: (value: number) => value,
        stroke: color('muted'),
        strokeDasharray: '2 4',
      }),
      pen.plot.line(filled, { ...at, stroke, strokeWidth: 1.5, strokeOpacity: 0.6 }),
      pen.plot.dot(filled, {
        ...at,
        r: 'count',
        fill: stroke,
        fillOpacity: 0.85,
        title: (bin: CalibrationBin) =>
          `said ${percent(bin.confidence)}, right ${percent(bin.accuracy)}: ${pictures(bin.count)}`,
      }),
    ],
  })
  const total = filled.reduce((sum, bin) => sum + bin.count, 0)
  const label =
    `Reliability diagram of ${count(total)} predictions: accuracy over the mean probability. ` +
    `Expected calibration error ${percent(calibrationError(bins))}.`
  return finish(pen, svg, label, options.place)
}

/**
 * How far the probabilities can be believed: the accuracy of each bin over its mean probability, the area of a dot is its
 * number of pictures. On the dashed diagonal, a network that says 80 % is right in 80 of 100 cases.
 *
 * @returns an SVG document
 */
export async function calibrationSvg(bins: readonly CalibrationBin[], options: ChartOptions = {}): Promise<string> {
  const { width = 400, theme = 'light' } = options
  return drawReliability(await takePen(), bins, { width, place: theme, index: 0 })
}
