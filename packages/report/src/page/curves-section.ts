import { type CurveMetric, hasMetric } from '../charts/curve-metrics.ts'
import { drawCurves, type PlacedCurve } from '../charts/curves.ts'
import type { Pen } from '../charts/drawing.ts'
import { swatchSvg } from '../charts/legend.ts'
import type { Run, TrainingEpoch } from '../report.ts'
import { decimal, duration, percent, rate } from '../text.ts'
import { type Html, html, trusted } from './html.ts'
import { name, scrollable, table } from './parts.ts'

/** The columns of the table, with the values that a run may lack. */
const columns: {
  head: string
  value: (epoch: TrainingEpoch) => number | undefined
  show: (value: number) => string
}[] = [
  { head: 'loss', value: (epoch) => epoch.loss, show: decimal },
  { head: 'held-out loss', value: (epoch) => epoch.validationLoss, show: decimal },
  { head: 'accuracy', value: (epoch) => epoch.accuracy, show: percent },
  { head: 'held-out accuracy', value: (epoch) => epoch.validationAccuracy, show: percent },
  { head: 'learning rate', value: (epoch) => epoch.learningRate, show: rate },
  { head: 'time', value: (epoch) => epoch.seconds, show: duration },
]

function epochTable(curve: PlacedCurve): Html {
  const used = columns.filter((column) => curve.epochs.some((epoch) => column.value(epoch) !== undefined))
  const rows = curve.epochs.map((epoch) => [
    String(epoch.epoch),
    ...used.map((column) => {
      const value = column.value(epoch)
      return value === undefined ? '' : column.show(value)
    }),
  ])
  return html`<div class="block">${scrollable(
    `Epochs of ${curve.name}`,
    table(curve.name, [{ head: 'epoch' }, ...used.map(({ head }) => ({ head }))], rows),
  )}</div>`
}

/** Which epochs have a loss that is not finite, in words: a gap in a curve must not be overlooked. */
function broken(curve: PlacedCurve): Html | undefined {
  const bad = curve.epochs
    .filter(({ loss, validationLoss = 0 }) => !Number.isFinite(loss) || !Number.isFinite(validationLoss))
    .map(({ epoch }) => epoch)
  if (bad.length === 0) return undefined
  const epochs =
    bad.length > 5
      ? `${bad.length} epochs, the first of them ${bad[0]}`
      : `${bad.length === 1 ? 'epoch' : 'epochs'} ${bad.join(', ')}`
  return html`<li>${name(curve.name)}: the loss is not a finite number in ${epochs}.</li>`
}

function chart(pen: Pen, curves: PlacedCurve[], metric: CurveMetric): Html | undefined {
  if (!hasMetric(curves, metric)) return undefined
  const draw = (width: number): Html =>
    trusted(drawCurves(pen, curves, { metric, width, place: 'page', legend: false }))
  return html`<figure class="chart"><div class="wide">${draw(520)}</div><div class="narrow">${draw(360)}</div></figure>`
}

/** Loss, accuracy and learning rate over the epochs, and the numbers behind them. Nothing where no run has any. */
export function curvesSection(pen: Pen, runs: readonly Run[]): Html | undefined {
  const curves = runs.flatMap((run, index) =>
    run.epochs && run.epochs.length > 0 ? [{ name: run.name, epochs: run.epochs, index }] : [],
  )
  if (curves.length === 0) return undefined
  const rate = chart(pen, curves, 'learningRate')
  const gaps = curves.map(broken).filter((gap) => gap !== undefined)
  return html`<section aria-labelledby="training"><h2 id="training">Training</h2>
<ul class="legend">${curves.map((curve) => html`<li>${trusted(swatchSvg(pen, curve.index))}${name(curve.name)}</li>`)}
<li><span class="line"></span>held out</li><li><span class="line dashed"></span>training</li></ul>
${gaps.length > 0 && html`<ul class="notes">${gaps}</ul>`}
<div class="charts">${(['accuracy', 'loss'] as const).map((metric) => chart(pen, curves, metric))}</div>
<details><summary>Every epoch in numbers${rate && ', and the learning rate'}</summary>
${rate && html`<div class="charts">${rate}</div>`}${curves.map(epochTable)}</details>
</section>`
}
