import { SaxesParser } from 'saxes'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { kinds, sampleEpochs, sampleMatrix, sampleReport } from '../../fixtures/sample.ts'
import {
  accuracyComparisonSvg,
  type ChartTheme,
  type ComparedNetwork,
  calibrationSvg,
  confusionSvg,
  curvesSvg,
  networkBubblesSvg,
} from '../index.ts'

const { runs } = sampleReport([])
const bins = runs.flatMap((run) => run.calibration ?? [])
const hostile = `<script>alert(1)</script>&"']]>\u0000\uD800`

const network = (name: string, accuracy: number, gmacs: number, millions: number): ComparedNetwork => ({
  name,
  family: name.split('-')[0]!,
  accuracy,
  multiplyAccumulates: gmacs * 1e9,
  parameters: millions * 1e6,
})
const networks = [
  network('wide-1', 0.71, 15, 138),
  network('wide-2', 0.72, 19.6, 144),
  network('slim-1', 0.58, 0.35, 1.2),
]

interface Node {
  name: string
  attributes: Record<string, string>
  text: string
}

/** The elements of an SVG, read by a parser that forgives nothing. */
function parse(svg: string): Node[] {
  const nodes: Node[] = []
  const open: Node[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: attributes as Record<string, string>, text: '' }
    nodes.push(node)
    open.push(node)
  })
  parser.on('text', (text) => {
    const node = open.at(-1)
    if (node) node.text += text
  })
  parser.on('closetag', () => open.pop())
  parser.write(svg).close()
  return nodes
}

const texts = (svg: string): string[] => parse(svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []))

const charts: [string, (theme: ChartTheme) => Promise<string>][] = [
  [
    'the loss',
    (theme) =>
      curvesSvg(
        runs.map(({ name, epochs = [] }) => ({ name, epochs })),
        { metric: 'loss', theme },
      ),
  ],
  ['the accuracies', (theme) => accuracyComparisonSvg(runs, { theme })],
  ['the confusion matrix', (theme) => confusionSvg(sampleMatrix(kinds, 8, 6), { theme })],
  ['the calibration', (theme) => calibrationSvg(bins, { theme })],
  ['networks', (theme) => networkBubblesSvg(networks, { theme })],
]

describe.each(charts)('the chart of %s', (_, draw) => {
  it('is well-formed, says what it shows, and has one ground', async () => {
    const [svg, ...rest] = parse(await draw('light'))
    expect(svg?.name).toBe('svg')
    expect(svg?.attributes).toMatchObject({ xmlns: 'http://www.w3.org/2000/svg', role: 'img' })
    expect(svg?.attributes['aria-label']?.length).toBeGreaterThan(40)
    expect(rest.filter(({ attributes }) => attributes.width === '100%')).toHaveLength(1)
  })

  it('carries fixed colours, or follows the reader where it is asked to', async () => {
    const light = await draw('light')
    expect(light).not.toContain('var(')
    expect(light).toContain('fill="#ffffff"')
    expect(await draw('dark')).toContain('fill="#15181b"')
    const auto = await draw('auto')
    expect(auto).toContain('prefers-color-scheme:dark')
    expect(auto).toContain('var(--cnnkit-ground)')
  })

  it('is drawn by librsvg in colour, within its own frame', async () => {
    const { data, info } = await sharp(Buffer.from(await draw('light')))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const pixel = (at: number) => [...data.subarray(at, at + 3)]
    expect(pixel(0)).toEqual([255, 255, 255])
    let coloured = 0
    for (let at = 0; at < data.length; at += info.channels) {
      const [red = 0, green = 0, blue = 0] = pixel(at)
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++
    }
    expect(coloured).toBeGreaterThan(200)
  })
})

it('names every run in the legend, and labels the axes with their units', async () => {
  const curves = runs.map(({ name, epochs = [] }) => ({ name, epochs }))
  const shown = texts(await curvesSvg(curves, { metric: 'accuracy' }))
  expect(shown).toEqual(expect.arrayContaining(['frozen body', 'last stages', 'from scratch', 'held out', 'training']))
  expect(shown).toEqual(expect.arrayContaining(['↑ accuracy (%)', 'epoch →']))
})

it('draws a line for training and one for the held-out pictures, and says their last numbers', async () => {
  const epochs = [
    { epoch: 1, loss: 1.5, validationLoss: 1.7 },
    { epoch: 2, loss: 0.5, validationLoss: 0.8125 },
  ]
  const nodes = parse(await curvesSvg([{ name: 'one', epochs }], { metric: 'loss' }))
  expect(nodes[0]?.attributes['aria-label']).toContain('one: held out 0.813 in epoch 2, training 0.500 in epoch 2')
  const dashed = nodes.filter(({ attributes }) => attributes['stroke-dasharray'])
  expect(dashed.length).toBeGreaterThan(0)
})

it('breaks the line where the loss is not a number, also after a trip through JSON', async () => {
  const epochs = sampleEpochs(9, 0.9, 0.8).map((epoch, index) => ({
    ...epoch,
    ...(index === 4 && { loss: Number.NaN, validationLoss: Number.POSITIVE_INFINITY }),
  }))
  const revived = JSON.parse(JSON.stringify(epochs)) as typeof epochs
  for (const course of [epochs, revived]) {
    const svg = await curvesSvg([{ name: 'gap', epochs: course }], { metric: 'loss' })
    expect(svg).not.toMatch(/NaN|Infinity/)
    const lines = parse(svg).filter(({ name, attributes }) => name === 'path' && attributes.d?.split('M').length === 3)
    expect(lines).toHaveLength(2)
  }
})

it('draws a single epoch, and an empty frame where there is nothing', async () => {
  const one = await curvesSvg([{ name: 'one', epochs: [{ epoch: 1, loss: 0.5, validationLoss: 0.4 }] }], {
    metric: 'loss',
  })
  expect(texts(one)).toContain('1')
  for (const epochs of [[], [{ epoch: 1, loss: Number.NaN }]]) {
    const empty = await curvesSvg([{ name: 'none', epochs }], { metric: 'loss' })
    expect(parse(empty)[0]?.attributes['aria-label']).toContain('none: no number')
    expect(empty).not.toMatch(/NaN|Infinity/)
  }
})

it('counts an exploding loss in powers of ten', async () => {
  const epochs = [1, 0.8, 0.6, 0.5, 700].map((loss, index) => ({ epoch: index + 1, loss }))
  expect(texts(await curvesSvg([{ name: 'wild', epochs }], { metric: 'loss' }))).toContain('↑ loss (nats), log scale')
})

it('writes each count of a small matrix into its cell, and none into a large one', async () => {
  const small = await confusionSvg({
    classes: ['a', 'b'],
    counts: [
      [17, 3],
      [0, 20],
    ],
  })
  expect(texts(small)).toEqual(expect.arrayContaining(['17', '3', '20', 'truth', 'predicted']))
  expect(texts(small)).not.toContain('0')
  expect(parse(small)[0]?.attributes['aria-label']).toBe(
    'Confusion matrix of 2 classes: of 40 pictures, 37 lie on the diagonal.',
  )
  const names = Array.from({ length: 200 }, (_, index) => `class ${index}`)
  const large = await confusionSvg(sampleMatrix(names, 10, 7))
  expect(texts(large).filter((text) => text === '7')).toEqual([])
  expect(Number(parse(large)[0]?.attributes.width)).toBeLessThan(900)
})

it('deepens the colour of a cell with its share of the row', async () => {
  const svg = await confusionSvg({
    classes: ['a', 'b'],
    counts: [
      [6, 2],
      [0, 0],
    ],
  })
  const cells = parse(svg).filter(({ name, attributes }) => name === 'rect' && attributes['fill-opacity'] !== undefined)
  expect(cells.map(({ attributes }) => attributes['fill-opacity'])).toEqual(['0.8', '0.39'])
})

it('keeps two classes of one name apart', async () => {
  const svg = await confusionSvg({
    classes: ['a', 'a'],
    counts: [
      [5, 1],
      [2, 6],
    ],
  })
  expect(texts(svg)).toEqual(expect.arrayContaining(['5', '1', '2', '6']))
})

it('stays well-formed whatever the names are', async () => {
  const epochs = sampleEpochs(3, 0.9, 0.8)
  const drawn = await Promise.all([
    curvesSvg([{ name: hostile, epochs }], { metric: 'accuracy', theme: 'auto' }),
    accuracyComparisonSvg([{ name: hostile, accuracy: 0.5, interval: [0.4, 0.6] }]),
    confusionSvg({
      classes: [hostile, 'b'],
      counts: [
        [1, 1],
        [1, 1],
      ],
    }),
  ])
  for (const svg of drawn) {
    expect(parse(svg).filter(({ name }) => name === 'script')).toEqual([])
    expect(svg).toContain('&lt;scr')
  }
})

it('refuses a matrix that is not square', async () => {
  await expect(confusionSvg({ classes: ['a', 'b'], counts: [[1, 2]] })).rejects.toMatchObject({ code: 'BAD_MATRIX' })
})

describe('the chart of networks', () => {
  it('draws a parameter as so much area, whatever the network', async () => {
    const svg = parse(await networkBubblesSvg(networks))
    const radii = svg
      .filter(({ name, attributes }) => name === 'circle' && attributes.r)
      .map(({ attributes }) => attributes)
    const [largest, second, smallest] = radii.map(({ r }) => Number(r))
    expect((largest! / smallest!) ** 2).toBeCloseTo(144 / 1.2, -1)
    expect(second).toBeLessThan(largest!)
  })

  it('writes each name once, or where there is no room not at all', async () => {
    const crowd = Array.from({ length: 30 }, (_, i) => network(`same-${i}`, 0.7, 4, 25))
    expect(texts(await networkBubblesSvg(networks))).toEqual(expect.arrayContaining(['wide-1', 'wide-2', 'slim-1']))
    const written = texts(await networkBubblesSvg(crowd)).filter((text) => text.startsWith('same-'))
    expect(written.length).toBeGreaterThan(0)
    expect(written.length).toBeLessThan(30)
    expect(new Set(written).size).toBe(written.length)
  })
})
