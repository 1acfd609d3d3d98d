import { readableClasses } from '../charts/confusion.ts'
import type { Pen } from '../charts/drawing.ts'
import { drawReliability } from '../charts/reliability.ts'
import type { Run } from '../report.ts'
import { calibrationError } from '../statistics/calibration.ts'
import { type ClassScore, classScores } from '../statistics/confusion-matrix.ts'
import { count, percent } from '../text.ts'
import { confusedTable, confusionMap } from './confusion-block.ts'
import { type Html, html, trusted } from './html.ts'
import { mistakesBlock } from './mistakes-block.ts'
import { bar, name, scrollable, table } from './parts.ts'

const columns = [{ head: 'class' }, { head: 'precision' }, { head: 'recall' }, { head: 'F1' }, { head: 'pictures' }]

const scoreRows = (scores: readonly ClassScore[]): (Html | string)[][] =>
  scores.map((score) => [
    name(score.name),
    html`${percent(score.precision)}${bar(score.precision)}`,
    html`${percent(score.recall)}${bar(score.recall)}`,
    percent(score.f1 ?? (2 * score.precision * score.recall) / (score.precision + score.recall)),
    count(score.support),
  ])

/** In the order of the classes while they are few; many of them with the worst recognised first, most folded away. */
function classTable(scores: readonly ClassScore[]): Html {
  if (scores.length <= readableClasses) return scrollable('Per class', table('Per class', columns, scoreRows(scores)))
  const sorted = [...scores].sort(
    (a, b) => (Number.isNaN(a.recall) ? 2 : a.recall) - (Number.isNaN(b.recall) ? 2 : b.recall),
  )
  const [worst, rest] = [sorted.slice(0, 15), sorted.slice(15)]
  return html`${scrollable('Per class', table('Per class, the least recognised first', columns, scoreRows(worst)))}
<details><summary>The other ${rest.length} classes</summary>${scrollable('The other classes', table(undefined, columns, scoreRows(rest)))}</details>`
}

function calibrationBlock(pen: Pen, run: Run, index: number): Html | undefined {
  const bins = run.calibration?.filter((bin) => bin.count > 0)
  if (!bins || bins.length === 0) return undefined
  const rows = bins.map((bin) => [percent(bin.confidence), percent(bin.accuracy), count(bin.count)])
  const heads = [{ head: 'mean probability' }, { head: 'accuracy' }, { head: 'pictures' }]
  return html`<div class="reliability"><h3>Calibration</h3><figure class="chart">
${trusted(drawReliability(pen, bins, { width: 400, place: 'page', index }))}
<figcaption>On the dashed line the probability says how often the network is right; below it, it is too sure of itself. Expected calibration error: ${percent(calibrationError(bins))}.</figcaption></figure>
<details><summary>The bins as a table</summary>${table(undefined, heads, rows)}</details></div>`
}

/** The blocks in two columns; a matrix of many classes takes the whole width above them. */
function layOut(map: Html | undefined, wide: boolean, left: (Html | undefined)[], right: (Html | undefined)[]): Html {
  const columns = [wide ? left : [map, ...left], right]
    .map((column) => column.filter((block) => block !== undefined))
    .filter((column) => column.length > 0)
  return html`${wide && html`<div class="block">${map}</div>`}
${columns.length > 0 && html`<div class="split">${columns.map((column) => html`<div class="column">${column}</div>`)}</div>`}`
}

/** Everything about one run that is not shared with the others. Nothing where the run brings no more than its accuracy. */
export function runSection(pen: Pen, run: Run, index: number): Html | undefined {
  const scores = run.perClass ?? (run.confusion && classScores(run.confusion))
  const map = run.confusion && confusionMap(pen, run.confusion)
  const perClass = scores && scores.length > 0 ? html`<div>${classTable(scores)}</div>` : undefined
  const confused = run.confusion && confusedTable(run.confusion)
  const calibration = calibrationBlock(pen, run, index)
  const mistakes = mistakesBlock(run)
  if (!(map || perClass || calibration || mistakes)) return undefined
  const narrow = map !== undefined && (run.confusion?.classes.length ?? 0) <= 10
  const id = `run-${index + 1}`
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${name(run.name)}</h2>
<p class="hint">${percent(run.accuracy)} of held-out pictures named rightly</p>
${narrow ? layOut(map, false, [calibration], [perClass, confused]) : layOut(map, map !== undefined, [perClass, calibration], [confused])}
${mistakes}</section>`
}
