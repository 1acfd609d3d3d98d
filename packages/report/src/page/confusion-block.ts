import { drawConfusion, readableClasses } from '../charts/confusion.ts'
import type { Pen } from '../charts/drawing.ts'
import { type ConfusionMatrix, confusedPairs } from '../statistics/confusion-matrix.ts'
import { count, percent } from '../text.ts'
import { type Html, html, trusted } from './html.ts'
import { bar, name, scrollable, table } from './parts.ts'

/** Above this many classes a heat map is dust, and the pairs that are confused say it better. */
const mapClasses = 60

/** The numbers of the heat map, for those who do not see it. */
function countTable({ classes, counts }: ConfusionMatrix): Html {
  const heads = [{ head: 'truth \\ predicted' }, ...classes.map((head) => ({ head }))]
  const rows = classes.map((label, row) => [name(label), ...(counts[row] ?? []).map((value) => count(value))])
  return html`<details><summary>The counts as a table</summary>${scrollable('Confusion matrix as a table', table(undefined, heads, rows))}</details>`
}

/** The heat map with its counts as a table. Nothing above 60 classes. */
export function confusionMap(pen: Pen, matrix: ConfusionMatrix): Html | undefined {
  const size = matrix.classes.length
  if (size === 0 || size > mapClasses) return undefined
  const drawing = trusted(drawConfusion(pen, matrix, { width: 520, place: 'page' }))
  const fits = size <= 8
  return html`<div><h3>Confusion matrix</h3><figure>
${fits ? html`<div class="scroll matrix">${drawing}</div>` : scrollable('Confusion matrix', drawing)}
<figcaption>Rows: what it is. Columns: what it was taken for. The deeper the colour, the larger the share of the row; blue is right, orange is wrong.</figcaption></figure>
${size <= readableClasses ? countTable(matrix) : undefined}</div>`
}

/** What is confused most, the more lines the more classes there are. Nothing where nothing was confused. */
export function confusedTable(matrix: ConfusionMatrix): Html | undefined {
  const pairs = confusedPairs(matrix)
  if (pairs.length === 0) return undefined
  const shown = pairs.slice(0, matrix.classes.length > readableClasses ? 15 : 8)
  const rows = shown.map((pair) => [
    name(pair.truth),
    name(pair.predicted),
    count(pair.count),
    html`${percent(pair.share)}${bar(pair.share, 'var(--cnnkit-s1)')}`,
  ])
  const columns = [
    { head: 'truth', text: true },
    { head: 'taken for', text: true },
    { head: 'pictures' },
    { head: 'of the class' },
  ]
  const rest = pairs.length - shown.length
  return html`<div>${scrollable('Most confused', table('Most confused', columns, rows))}
${rest > 0 && html`<p class="hint">and ${rest} more ${rest === 1 ? 'pair' : 'pairs'}, no more frequent</p>`}</div>`
}
