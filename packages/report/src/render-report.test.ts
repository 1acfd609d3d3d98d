import { HtmlValidate } from 'html-validate'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { kinds, pixel, sampleEpochs, sampleMatrix, sampleReport } from '../fixtures/sample.ts'
import { type Report, type Run, renderReport } from './index.ts'

const pictures = Array.from({ length: 20 }, (_, index) => ({
  id: `${kinds[index % 5]}/${index}.jpg`,
  truth: kinds[index % 5] ?? '',
  picture: pixel,
  ...(index % 2 === 0 && { map: pixel }),
}))
const sample = sampleReport(pictures)

const run = (more: Partial<Run> = {}): Run => ({
  name: 'head',
  accuracy: 0.8,
  interval: [0.65, 0.9],
  total: 40,
  ...more,
})
const report = (more: Partial<Run> = {}): Report => ({ title: 'A report', runs: [run(more)] })

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'no-inline-style': 'off',
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'prefer-native-element': 'off',
  },
})

async function open(of: Report): Promise<{ page: string; document: Document; text: string }> {
  const page = await renderReport(of)
  const { document } = parseHTML(page)
  return { page, document, text: document.body.textContent ?? '' }
}

const names = Array.from({ length: 200 }, (_, index) => `class ${index}`)
const hostile = `<script>alert("x")</script>'&<img src=http://evil.example/x onerror=alert(1)>\u202Egpj.exe`

const cases: Record<string, Report> = {
  'the sample of three runs': sample,
  'one bare run': report(),
  'no run at all': { title: 'Nothing yet', runs: [] },
  'one epoch and no mistakes': report({
    accuracy: 1,
    interval: [0.91, 1],
    epochs: sampleEpochs(1, 0.9, 1),
    mistakes: [],
  }),
  'a loss that is never a number': report({ accuracy: Number.NaN, epochs: [{ epoch: 1, loss: Number.NaN }] }),
  'two hundred classes': report({ confusion: sampleMatrix(names, 10, 7) }),
  'forty classes': report({ confusion: sampleMatrix(names.slice(0, 40), 10, 7) }),
  'very long names': report({
    name: 'x'.repeat(300),
    confusion: sampleMatrix(['y'.repeat(300), 'b c '.repeat(60)], 10, 7),
  }),
  'hostile names': {
    ...sampleReport([{ id: hostile, truth: hostile, picture: pixel, map: pixel }]),
    title: hostile,
    notes: [hostile],
    facts: [{ label: hostile, value: hostile }],
    credits: hostile,
    runs: [
      run({
        name: hostile,
        description: hostile,
        epochs: sampleEpochs(2, 0.9, 0.8),
        confusion: sampleMatrix([hostile, 'b'], 4, 3),
        mistakes: [
          {
            id: hostile,
            truth: hostile,
            predicted: hostile,
            probability: 0.9,
            truthProbability: 0.1,
            loss: 2.3,
            picture: pixel,
          },
        ],
      }),
    ],
  },
}

describe.each(Object.entries(cases))('the page of %s', (_, of) => {
  it('is valid HTML', async () => {
    const { results } = await validator.validateString(await renderReport(of))
    const found = results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`))
    expect(found).toEqual([])
  })

  it('refers to nothing outside itself and runs nothing', async () => {
    const { page, document } = await open(of)
    expect(document.querySelectorAll('script, link, iframe, object, embed, base, form').length).toBe(0)
    const references = [...document.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes].filter(({ name }) =>
        /^(src|srcset|href|action|data|xlink:href|poster|on\w+)$/.test(name),
      ),
    )
    for (const { name, value } of references) {
      expect(name).not.toMatch(/^on/)
      expect(value).toMatch(name === 'href' ? /^#[\w-]+$/ : /^data:image\//)
    }
    expect(document.querySelector('style')?.textContent).not.toMatch(/url\(|@import/)
    expect(page).toContain(`content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"`)
  })

  it('gives every picture and chart an alternative text, and every link its goal', async () => {
    const { document } = await open(of)
    for (const image of document.querySelectorAll('img')) expect(image.getAttribute('alt')).not.toBe('')
    for (const svg of document.querySelectorAll('svg'))
      expect(svg.getAttribute('aria-label') || svg.getAttribute('aria-hidden')).toBeTruthy()
    for (const link of document.querySelectorAll('a'))
      expect(document.getElementById(link.getAttribute('href')?.slice(1) ?? '')).not.toBeNull()
  })

  it('never shows what a program would say', async () => {
    const { text, page } = await open(of)
    expect(text).not.toMatch(/NaN|undefined|null|Infinity|\[object/)
    expect(page).not.toMatch(/="[^"]*(NaN|undefined|Infinity)/)
  })
})

it('mentions no address but that of the SVG namespace', async () => {
  const addresses = (await renderReport(sample)).match(/https?:[^"'\s<]*/g) ?? []
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']))
})

it('puts the accuracy of each run with its interval first', async () => {
  const { document } = await open(sample)
  const cards = [...document.querySelectorAll('main > section:first-child .card')].map((card) => card.textContent ?? '')
  expect(cards).toHaveLength(3)
  expect(cards[1]).toContain('last stages')
  expect(cards[1]).toContain('85.0\u00A0%')
  expect(cards[1]).toContain('75.0 to 95.0\u00A0%')
  expect(cards[1]).toContain('34 of 40 pictures')
  expect(cards[1]).toContain('99.0\u00A0%')
})

it('claims no count of pictures where the accuracy is a mean', async () => {
  expect((await open(report({ accuracy: 0.811 }))).text).toContain('Named rightly40 pictures')
})

it('shows every epoch as a table, too', async () => {
  const { document, text } = await open(sample)
  const table = [...document.querySelectorAll('table')].find(
    (each) => each.querySelector('caption')?.textContent === 'from scratch',
  )
  const rows = [...(table?.querySelectorAll('tbody tr') ?? [])]
  expect(rows).toHaveLength(12)
  expect(rows[0]?.children).toHaveLength(7)
  expect(text).toContain('held-out accuracy')
})

it('names the epochs whose loss is not a number', async () => {
  const epochs = sampleEpochs(4, 0.9, 0.8).map((epoch, index) => (index > 1 ? { ...epoch, loss: Number.NaN } : epoch))
  expect((await open(report({ epochs }))).text).toContain('head: the loss is not a finite number in epochs 3, 4.')
})

it('shows the matrix, its table, the confused pairs and precision per class while classes are few', async () => {
  const { document, text } = await open(report({ confusion: sampleMatrix(kinds, 8, 6) }))
  expect(document.querySelector('figure svg[aria-label^="Confusion matrix of 5 classes"]')).not.toBeNull()
  expect(text).toContain('The counts as a table')
  expect(text).toContain('Most confused')
  expect(text).toContain('75.0\u00A0%')
})

it('turns to tables where there are too many classes for a picture', async () => {
  const { document, text } = await open(cases['two hundred classes'] ?? report())
  expect(document.querySelector('svg[aria-label^="Confusion matrix"]')).toBeNull()
  expect(text).toContain('The other 185 classes')
  expect(text).toMatch(/and \d+ more pairs/)
})

it('prefers the scores per class that it is handed over its own', async () => {
  const perClass = [{ name: 'odd one', precision: 0.123, recall: 0.456, support: 7 }]
  const { text } = await open(report({ perClass, confusion: sampleMatrix(kinds, 8, 6) }))
  expect(text).toContain('12.3\u00A0%')
  expect(text).not.toContain('The other')
})

it('lays out the worst mistakes with their maps, the first twelve openly', async () => {
  const mistakes = sampleReport(pictures.slice(0, 7)).runs[1]?.mistakes ?? []
  const many = Array.from({ length: 15 }, (_, index) => ({ ...mistakes[index % 7]!, id: `mistake-${index}` }))
  const { document, text } = await open(report({ mistakes: many }))
  expect(document.querySelectorAll('.case')).toHaveLength(15)
  expect(document.querySelectorAll('details .case')).toHaveLength(3)
  const [first, second] = document.querySelectorAll('.case')
  expect(first?.querySelectorAll('img')).toHaveLength(2)
  expect(second?.querySelectorAll('img')).toHaveLength(1)
  expect(first?.textContent).toContain('daisy taken for dandelion')
  expect(first?.textContent).toContain('97.0\u00A0%')
  expect(first?.textContent).toContain('loss 4.605')
  expect(text).toContain('3 more')
})

it('says that nothing was wrong only where nothing was', async () => {
  expect((await open(report({ accuracy: 1, interval: [0.9, 1], mistakes: [] }))).text).toContain(
    'every picture was named rightly',
  )
  expect((await open(report({ mistakes: [] }))).text).not.toContain('every picture was named rightly')
})

it('embeds bytes and base64 as the same picture', async () => {
  const base64 = String(pixel.bytes)
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  const example = (picture: typeof pixel) => ({
    title: 'Pictures',
    runs: [],
    examples: [{ id: 'a', picture, top: [{ label: 'daisy', probability: 0.9 }] }],
  })
  const page = await renderReport(example({ mime: 'image/png', bytes }))
  expect(page).toContain(`src="data:image/png;base64,${base64}"`)
  expect(await renderReport(example(pixel))).toBe(page)
})

it('shows hostile names as text', async () => {
  const { document, text, page } = await open(cases['hostile names'] ?? report())
  expect(document.querySelectorAll('script').length).toBe(0)
  expect(text).toContain('<script>alert("x")</script>')
  expect(page).not.toContain('\u202E')
  expect(document.querySelectorAll('img').length).toBe(1)
})

it.each<[string, Report, string, string]>([
  ['percent for a share', report({ accuracy: 91.3 }), 'BAD_SHARE', 'runs[0].accuracy is 91.3'],
  ['an interval upside down', report({ interval: [0.9, 0.1] }), 'BAD_INTERVAL', '[0.9, 0.1]'],
  ['an uneven matrix', report({ confusion: { classes: ['a'], counts: [] } }), 'BAD_MATRIX', 'runs[0].confusion'],
  [
    'what is no picture',
    { title: '', runs: [], examples: [{ id: 'a', picture: { mime: 'text/html', bytes: 'AAAA' }, top: [] }] },
    'BAD_PICTURE',
    'examples[0].picture has the type "text/html"',
  ],
  [
    'what is no base64',
    { title: '', runs: [], examples: [{ id: 'a', picture: { mime: 'image/png', bytes: '" onload="x' }, top: [] }] },
    'BAD_PICTURE',
    'has no bytes',
  ],
])('refuses %s, naming where it stands', async (_, bad, code, said) => {
  await expect(renderReport(bad)).rejects.toMatchObject({ code, message: expect.stringContaining(said) })
})
