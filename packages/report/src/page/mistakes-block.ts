import type { Example, Mistake, Run } from '../report.ts'
import { decimal } from '../text.ts'
import { type Html, html } from './html.ts'
import { name, odds, picturePair } from './parts.ts'

/** So many are laid out; the others are folded away. */
const laidOut = 12

const wrong = 'var(--cnnkit-s1)'

const mistakeCard = (mistake: Mistake): Html => html`<article class="card case">
${picturePair(mistake.picture, mistake.map, `${mistake.id}: ${mistake.truth}, taken for ${mistake.predicted}`)}
<p>${name(mistake.truth)} taken for <b>${name(mistake.predicted)}</b></p>
${odds([
  { label: mistake.predicted, role: 'predicted', probability: mistake.probability, tone: wrong },
  { label: mistake.truth, role: 'truth', probability: mistake.truthProbability },
])}
<p class="id">${name(mistake.id)} · loss ${decimal(mistake.loss)}</p>
</article>\n`

/** The worst mistakes as cards: the picture, what the network looked at, what it said. */
export function mistakesBlock({ mistakes, accuracy }: Run): Html | undefined {
  if (!mistakes || (mistakes.length === 0 && accuracy < 1)) return undefined
  if (mistakes.length === 0)
    return html`<div class="block"><h3>Worst mistakes</h3><p class="hint">None: every picture was named rightly.</p></div>`
  const [first, rest] = [mistakes.slice(0, laidOut), mistakes.slice(laidOut)]
  const grid = (cards: readonly Mistake[]): Html =>
    html`<div class="grid" style="--least:18rem">${cards.map(mistakeCard)}</div>`
  return html`<div class="block"><h3>Worst mistakes</h3>${grid(first)}
${rest.length > 0 && html`<details><summary>${rest.length} more</summary>${grid(rest)}</details>`}</div>`
}

const exampleCard = (example: Example): Html => {
  const [best] = example.top
  const alt = best ? `${example.id}: ${best.label}` : example.id
  const right = example.truth === undefined || example.truth === best?.label
  const unseen = example.truth !== undefined && !example.top.some((row) => row.label === example.truth)
  const rows = example.top.map((row, index) => ({
    ...row,
    ...(row.label === example.truth && { role: 'truth' }),
    ...(index === 0 && !right && { tone: wrong }),
  }))
  return html`<article class="card case">${picturePair(example.picture, example.map, alt)}
${odds(rows)}
<p class="id">${name(example.id)}${unseen && html` · truth: ${name(example.truth ?? '')}`}</p></article>\n`
}

/** Classified pictures with their most probable classes. Nothing where there are none. */
export const examplesSection = (examples: readonly Example[]): Html | undefined =>
  examples.length > 0
    ? html`<section aria-labelledby="examples"><h2 id="examples">Examples</h2>
<div class="grid block" style="--least:18rem">${examples.map(exampleCard)}</div></section>`
    : undefined
