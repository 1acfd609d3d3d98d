import type { Fact, ReportPicture } from '../report.ts'
import { percent } from '../text.ts'
import { type Html, html } from './html.ts'

/** A name written by somebody else: its reading direction stays its own. */
export const name = (text: string): Html => html`<bdi>${text}</bdi>`

/** A share as a thin bar; the number beside it says the same, so it is decoration. */
export const bar = (share: number, tone?: string): Html => {
  const shown = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0
  return html`<span class="bar" aria-hidden="true"><i style="--share:${shown.toFixed(4)}${tone && `;--tone:${tone}`}"></i></span>`
}

/** A list of what is what; `className` sets its look. */
export const factList = (facts: readonly Fact[], className?: string): Html | undefined =>
  facts.length > 0
    ? html`<dl${className && html` class="${className}"`}>${facts.map((fact) => html`<dt>${fact.label}</dt><dd>${fact.value}</dd>`)}</dl>`
    : undefined

/** Something wide that scrolls by itself, so that the page does not; reachable with the keyboard. */
export const scrollable = (label: string, content: Html, className = ''): Html =>
  html`<div class="scroll ${className}" role="group" aria-label="${label}" tabindex="0">${content}</div>`

/** A column of a table: what stands above it, and whether it holds text. */
export interface Column {
  head: string
  text?: boolean
}

/** A table with a head; the first cell of each row names the row. */
export function table(caption: string | undefined, columns: Column[], rows: (Html | string)[][]): Html {
  const kind = (index: number) => columns[index]?.text && html` class="text"`
  return html`<table>${caption && html`<caption>${caption}</caption>`}
<thead><tr>${columns.map(({ head }, index) => html`<th scope="col"${kind(index)}>${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first, ...cells]) =>
      html`<tr><th scope="row">${first}</th>${cells.map((cell, index) => html`<td${kind(index + 1)}>${cell}</td>`)}</tr>\n`,
  )}</tbody></table>`
}

function base64(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  return btoa(pieces.join(''))
}

/** The picture itself, inside the page. */
const image = ({ mime, bytes }: ReportPicture, alt: string): Html =>
  html`<img src="data:${mime};base64,${typeof bytes === 'string' ? bytes : base64(bytes)}" alt="${alt}" decoding="async">`

/** A picture beside what the network looked at. */
export const picturePair = (picture: ReportPicture, map: ReportPicture | undefined, alt: string): Html =>
  map
    ? html`<div class="pictures"><figure>${image(picture, alt)}</figure><figure>${image(map, `${alt}, overlaid with what the network looked at`)}<figcaption>what it looked at</figcaption></figure></div>`
    : html`<div class="pictures alone"><figure>${image(picture, alt)}</figure></div>`

/** Classes with their probabilities, a bar each. */
export const odds = (rows: { label: string; role?: string; probability: number; tone?: string }[]): Html =>
  html`<ul class="odds">${rows.map(
    (row) =>
      html`<li><span><span>${name(row.label)}${row.role && html` <span class="hint">${row.role}</span>`}</span><span class="value">${percent(row.probability)}</span></span>${bar(row.probability, row.tone)}</li>`,
  )}</ul>`
