import type { Lacking, Part, Ran } from './program.ts'

const parts: readonly Part[] = ['start', 'first prediction', 'prediction', 'fine-tuning', 'map']

/** What the table says of a backend that ran, by column. */
export const columns: readonly string[] = ['backend', 'device', 'says', 'then right', 'last loss', ...parts]

/** The cells of a backend that ran. */
export function rowOf({ name, report, predictions, accuracy, losses, seconds }: Ran): readonly string[] {
  const [first] = predictions
  return [
    name,
    deviceOf(report),
    first ? `${first.name} ${percent(first.probability)}` : '',
    percent(accuracy),
    losses.at(-1)?.toFixed(4) ?? '',
    ...parts.map((part) => duration(seconds[part])),
  ]
}

function deviceOf({ device, threads }: Ran['report']): string {
  if (threads === undefined) return device
  return `${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

/** Whether the program ran. */
export const didRun = (outcome: Ran | Lacking): outcome is Ran => 'report' in outcome

const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`

const duration = (seconds: number): string =>
  seconds < 1 ? `${Math.round(1000 * seconds)}\u00a0ms` : `${seconds.toFixed(1)}\u00a0s`
