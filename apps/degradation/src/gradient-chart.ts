import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { networks, type Records } from './degradation.ts'

/** Norms of the stages' gradients over the steps, on a logarithmic scale: a column a network, a line a stage. An SVG. */
export function gradientChart(records: Records): string {
  const points = networks.flatMap((network) =>
    records[network].flatMap(({ step, gradients }) =>
      Object.entries(gradients).map(([stage, norm]) => ({ network, step, stage, norm })),
    ),
  )
  const window = Math.max(1, Math.round(records.plain20_cifar.length / 20))
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const figure = Plot.plot({
    document,
    width: 900,
    height: 340,
    marginLeft: 50,
    fx: { domain: [...networks], label: null },
    x: { label: 'step' },
    y: { type: 'log', label: 'norm of the gradient', grid: true },
    color: { scheme: 'viridis', type: 'ordinal', domain: Object.keys(records.plain20_cifar[0]?.gradients ?? {}) },
    marks: [
      Plot.frame({ stroke: '#ccc' }),
      Plot.lineY(points, Plot.windowY(window, { fx: 'network', x: 'step', y: 'norm', stroke: 'stage' })),
      Plot.text(
        points,
        Plot.selectLast({
          fx: 'network',
          x: 'step',
          y: 'norm',
          z: 'stage',
          text: 'stage',
          dx: 4,
          textAnchor: 'start',
          fontSize: 9,
        }),
      ),
    ],
    marginRight: 40,
  })
  return figure.outerHTML
}
