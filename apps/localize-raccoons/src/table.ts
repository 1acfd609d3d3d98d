import { binomialInterval } from '@cnnkit/transfer'
import { percent, table } from 'cnnkit'
import type { Arguments } from './arguments.ts'
import type { Judgement, Row } from './judge.ts'

const HEADER = [
  'method',
  'IoU >= 0.5',
  'mean IoU',
  'threshold by training',
  'IoU >= 0.5',
  '95 % interval',
  'mean IoU',
  'pointing game',
  'ms a map',
]

/** The table as the terminal shows it. */
export const terminalTable = ({ rows, pictures }: Judgement): string =>
  table([HEADER, ...rows.map((row) => cells(row, pictures))])

/** The table as Markdown, with what is needed to make it again. */
export function markdownTable(judgement: Judgement, args: Arguments): string {
  const { rows, pictures, accuracy } = judgement
  const channels = args.channels ? ` --channels ${args.channels}` : ''
  const tune = args.tune === 40 ? '' : ` --tune ${args.tune}`
  const some = args.pictures ? ` --pictures ${args.pictures}` : ''
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  return `${args.model}, ${args.channels ?? 'all'} channels, ${pictures} held-out raccoons; the network names ${accuracy.correct} of ${accuracy.total} held-out pictures rightly.
\`node apps/localize-raccoons/dist/main.js --model ${args.model}${channels}${some}${tune} --epochs ${args.epochs} --seed ${args.seed}\`, ${new Date().toISOString().slice(0, 10)}

${line(HEADER)}
${line(HEADER.map((_, i) => (i === 0 ? '---' : '---:')))}
${rows.map((row) => line(cells(row, pictures))).join('\n')}
`
}

function cells({ method, localized, iou, pointing, tuned, millisecondsPerMap }: Row, pictures: number): string[] {
  const best = tuned ?? { localized, iou }
  const [low, high] = binomialInterval(Math.round(best.localized * pictures), pictures)
  return [
    method,
    percent(localized),
    iou.toFixed(3),
    tuned?.threshold.toFixed(2) ?? '',
    percent(best.localized),
    `${percent(low)} to ${percent(high)}`,
    best.iou.toFixed(3),
    percent(pointing),
    millisecondsPerMap?.toFixed(0) ?? '',
  ]
}
