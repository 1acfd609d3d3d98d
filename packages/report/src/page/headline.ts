import { drawComparison } from '../charts/accuracy-comparison.ts'
import type { Pen } from '../charts/drawing.ts'
import { swatchSvg } from '../charts/legend.ts'
import type { Fact, Run } from '../report.ts'
import { percent, percentRange, pictures } from '../text.ts'
import { type Html, html, trusted } from './html.ts'
import { factList, name } from './parts.ts'

/** `36 of 40 pictures`, where the accuracy is a count of whole pictures; `40 pictures` where it is a mean. */
function tallyOf({ accuracy, total }: Run): string {
  const right = Math.round(accuracy * total)
  return Math.abs(right - accuracy * total) < 1e-3 ? `${right} of ${pictures(total)}` : pictures(total)
}

function trainingFact(run: Run): Fact[] {
  const last = run.epochs?.at(-1)
  if (run.trainingAccuracy !== undefined)
    return [{ label: 'On training pictures', value: percent(run.trainingAccuracy) }]
  return last?.accuracy === undefined ? [] : [{ label: 'Training, last epoch', value: percent(last.accuracy) }]
}

const card = (pen: Pen, run: Run, index: number): Html => html`<article class="card">
<h3>${trusted(swatchSvg(pen, index))}${name(run.name)}</h3>
<p class="number">${percent(run.accuracy)}</p>
<p class="interval">95 % interval ${percentRange(run.interval)}</p>
${factList([{ label: 'Named rightly', value: tallyOf(run) }, ...trainingFact(run), ...(run.facts ?? [])])}
${run.description && html`<p class="description">${run.description}</p>`}
</article>`

/** What each run is worth on pictures it has not seen, side by side. */
export function headline(pen: Pen, runs: readonly Run[]): Html {
  const draw = (width: number): Html => trusted(drawComparison(pen, runs, { width, place: 'page' }))
  return html`<section aria-labelledby="result"><h2 id="result">Accuracy on held-out pictures</h2>
<p class="hint">Each interval is the 95 % Wilson score interval: what a test of this size leaves open. It counts the chance of which pictures were held out, not that of training once more.</p>
<div class="grid block">${runs.map((run, index) => card(pen, run, index))}</div>
${runs.length > 1 && html`<figure class="chart single"><div class="wide">${draw(720)}</div><div class="narrow">${draw(360)}</div></figure>`}
</section>`
}
