import { type Pen, takePen } from './charts/drawing.ts'
import { checkReport } from './check-report.ts'
import { curvesSection } from './page/curves-section.ts'
import { headline } from './page/headline.ts'
import { type Html, html, trusted } from './page/html.ts'
import { examplesSection } from './page/mistakes-block.ts'
import { factList, name } from './page/parts.ts'
import { runSection } from './page/run-section.ts'
import { style } from './page/style.ts'
import type { Report, Run } from './report.ts'
import { cleanData } from './text.ts'

/** Nothing is fetched and nothing runs, whatever a file name contains. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

function contents(
  runs: readonly Run[],
  sections: readonly (Html | undefined)[],
  others: [id: string, label: string, there: unknown][],
): Html {
  const links = [
    ...others.slice(0, 2).filter(([, , there]) => there),
    ...runs.flatMap((run, index) => (sections[index] ? [[`run-${index + 1}`, run.name, true] as const] : [])),
    ...others.slice(2).filter(([, , there]) => there),
  ]
  return html`<nav aria-label="Contents">${links.map(([id, label]) => html`<a href="#${id}">${name(label)}</a>`)}</nav>`
}

function body(pen: Pen, report: Report): Html {
  const { runs } = report
  const result = runs.length > 0 && headline(pen, runs)
  const training = curvesSection(pen, runs)
  const sections = runs.map((run, index) => runSection(pen, run, index))
  const examples = examplesSection(report.examples ?? [])
  const facts = factList(report.facts ?? [], 'facts')
  const setup = facts && html`<section aria-labelledby="setup"><h2 id="setup">How it was made</h2>${facts}</section>`
  const nav = contents(runs, sections, [
    ['result', 'Accuracy', result],
    ['training', 'Training', training],
    ['examples', 'Examples', examples],
    ['setup', 'How it was made', setup],
  ])
  return html`<header><h1>${report.title}</h1>
${report.description && html`<p class="lead">${report.description}</p>`}
${report.notes && report.notes.length > 0 && html`<ul class="notes">${report.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${nav}</header>
<main>${[result, training, sections, examples, setup]}</main>
${report.credits && html`<footer><details><summary>Credits for the pictures</summary><p class="credits">${report.credits}</p></details></footer>`}`
}

/**
 * A report as one HTML page that stands by itself: it fetches nothing, runs no script, opens from a file, follows the
 * reader's choice of light or dark, prints, and reads on a phone. Every text in the report is escaped.
 *
 * @returns the text of the page, to be written to a file as UTF-8
 * @throws CnnkitError `BAD_SHARE`, `BAD_INTERVAL`, `BAD_MATRIX` or `BAD_PICTURE`, naming the value that cannot be meant
 */
export async function renderReport(report: Report): Promise<string> {
  checkReport(report)
  const clean = cleanData(report)
  const pen = await takePen()
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="@cnnkit/report">
<title>${clean.title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body(pen, clean)}
</body>
</html>
`.markup
}
