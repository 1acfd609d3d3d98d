// The chart of Canziani, Paszke, Culurciello 2016, "An analysis of deep neural network models for practical
// applications", figure 2: accuracy against operations, parameters as the area of a bubble.
import { cleanData, percent } from '../text.ts'
import { type ChartOptions, finish, type Pen, type Place, sketch, takePen } from './drawing.ts'
import { placeLabels } from './label-places.ts'
import { color, seriesColor } from './palette.ts'

/** What the chart needs to know of a network. */
export interface ComparedNetwork {
  /** Written beside its bubble. */
  readonly name: string
  /** Networks of one family have one colour. */
  readonly family: string
  /** Share of pictures that are classified rightly, 0 to 1. */
  readonly accuracy: number
  /** Multiply-accumulates for one picture. */
  readonly multiplyAccumulates: number
  /** How many. */
  readonly parameters: number
}

const margins = { left: 44, right: 24, top: 28, bottom: 44 } as const
const largestRadius = 34
const fontSize = 11
const legend = [5e6, 50e6, 150e6]
const tickValues = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]

function drawNetworks(
  pen: Pen,
  networks: readonly ComparedNetwork[],
  { width, place }: { width: number; place: Place },
): string {
  const height = Math.round(width * 0.62)
  const families = [...new Set(networks.map(({ family }) => family))]
  const rows = networks
    .map((network) => ({
      ...network,
      gmacs: network.multiplyAccumulates / 1e9,
      percent: network.accuracy * 100,
      fill: seriesColor(families.indexOf(network.family)),
      radius: radiusOf(network.parameters),
    }))
    .sort((a, b) => b.radius - a.radius)
  const gmacs = rows.map((row) => row.gmacs)
  const x = { type: 'log', domain: [Math.min(...gmacs) / 1.5, Math.max(...gmacs) * 1.5], label: null } as const
  const y = { domain: wholeFives(rows.map((row) => row.percent)), label: null } as const
  const [left, right] = [margins.left, width - margins.right]
  const across = (value: number): number =>
    left + ((right - left) * Math.log(value / x.domain[0])) / Math.log(x.domain[1] / x.domain[0])
  const down = (value: number): number =>
    height -
    margins.bottom -
    ((height - margins.top - margins.bottom) * (value - y.domain[0])) / (y.domain[1] - y.domain[0])
  const discs = rows.map((row) => ({ x: across(row.gmacs), y: down(row.percent), radius: row.radius, text: row.name }))
  const labels = placeLabels(discs, {
    fontSize,
    box: { left, right, top: margins.top, bottom: height - margins.bottom },
  })
  const svg = sketch(pen, {
    width,
    height,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: margins.top,
    marginBottom: margins.bottom,
    x,
    y,
    r: { type: 'identity' },
    color: { type: 'identity' },
    marks: [
      pen.plot.gridY({ stroke: color('line'), strokeOpacity: 1 }),
      pen.plot.gridX({ stroke: color('line'), strokeOpacity: 1, ticks: tickValues }),
      pen.plot.axisX({
        label: 'multiply-accumulates for one picture (10\u2079, logarithmic)',
        labelAnchor: 'right',
        tickSize: 0,
        ticks: tickValues,
        tickFormat: String,
      }),
      pen.plot.axisY({ label: 'top-1 accuracy (%)', labelAnchor: 'top', tickSize: 0 }),
      pen.plot.dot(rows, {
        x: 'gmacs',
        y: 'percent',
        r: 'radius',
        fill: 'fill',
        fillOpacity: 0.35,
        stroke: 'fill',
        title: (row: (typeof rows)[number]) =>
          `${row.name}: ${percent(row.accuracy)}, ${row.gmacs.toPrecision(3)} G, ${millions(row.parameters)} parameters`,
      }),
      ...rows.flatMap((row, i) => {
        const at = labels[i]
        if (!at) return []
        const place = { x: 'gmacs', y: 'percent', dx: at.dx, dy: at.dy, textAnchor: at.anchor } as const
        return [pen.plot.text([row], { ...place, text: 'name', fill: color('ink'), fontSize })]
      }),
      ...legend.flatMap((parameters, i) => {
        const spot = { frameAnchor: 'bottom-right', dx: -44 - 80 * (legend.length - 1 - i) } as const
        const words = i === 1 ? `${parameters / 1e6} M parameters` : `${parameters / 1e6} M`
        return [
          pen.plot.dot([parameters], { ...spot, dy: -58, r: radiusOf(parameters), stroke: color('muted') }),
          pen.plot.text([words], { ...spot, dy: -10, textAnchor: 'middle', fill: color('ink'), fontSize }),
        ]
      }),
    ],
  })
  const values = rows.map((row) => `${row.name}: ${percent(row.accuracy)}, ${row.gmacs.toPrecision(3)} G`)
  return finish(pen, svg, `Accuracy against operations, area by parameters. ${values.join('. ')}.`, place)
}

/** Whole fives that hold all values with some room. */
const wholeFives = (values: readonly number[]): readonly [number, number] => [
  5 * Math.floor((Math.min(...values) - 2) / 5),
  5 * Math.ceil((Math.max(...values) + 2) / 5),
]
const radiusOf = (parameters: number): number => largestRadius * Math.sqrt(parameters / 150e6)
const millions = (parameters: number): string => `${(parameters / 1e6).toPrecision(parameters < 1e7 ? 2 : 3)} M`

/**
 * Networks by accuracy and operations, with parameters as the areas of their bubbles (Canziani et al. 2016). A name that
 * finds no room is left to the bubble's title.
 *
 * @returns an SVG document
 */
export async function networkBubblesSvg(
  networks: readonly ComparedNetwork[],
  options: ChartOptions = {},
): Promise<string> {
  const { width = 900, theme = 'light' } = options
  return drawNetworks(await takePen(), cleanData(networks), { width, place: theme })
}
