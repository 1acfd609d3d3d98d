import type { StepRecord } from './train.ts'

/** The networks that are compared: with and without shortcuts, each shallow and deep. */
export const networks = ['resnet20_cifar', 'plain20_cifar', 'resnet56_cifar', 'plain56_cifar'] as const

/** One of {@link networks}. */
export type NetworkName = (typeof networks)[number]

/** What each network's steps showed. */
export type Records = Readonly<Record<NetworkName, readonly StepRecord[]>>

/** Mean loss over the last tenth of the steps, in nats. */
export function finalLoss(records: readonly StepRecord[]): number {
  const last = records.slice(-Math.max(1, Math.round(records.length / 10)))
  return last.reduce((sum, { loss }) => sum + loss, 0) / last.length
}

/** What depth adds to the final loss: of the plain networks (the degradation), and of the residual ones. Positive: depth makes it worse. */
export function depthCost(records: Records): { readonly plain: number; readonly residual: number } {
  return {
    plain: finalLoss(records.plain56_cifar) - finalLoss(records.plain20_cifar),
    residual: finalLoss(records.resnet56_cifar) - finalLoss(records.resnet20_cifar),
  }
}

/** Mean loss over each `width` steps: single batches jump. */
export function smoothed(records: readonly StepRecord[], width: number): { step: number; loss: number }[] {
  return Array.from({ length: Math.ceil(records.length / width) }, (_, i) => {
    const part = records.slice(i * width, (i + 1) * width)
    return { step: part.at(-1)!.step, loss: part.reduce((sum, { loss }) => sum + loss, 0) / part.length }
  })
}

/** The figures as a Markdown table: the final loss of each network, and the median norm of each stage's gradient over the steps. */
export function summary(records: Records): string {
  const stages = Object.keys(records.plain20_cifar[0]?.gradients ?? {})
  const rows = networks.map((name) => [
    name,
    finalLoss(records[name]).toFixed(3),
    ...stages.map((stage) => median(records[name].map(({ gradients }) => gradients[stage]!)).toPrecision(2)),
  ])
  const { plain, residual } = depthCost(records)
  const lines = [['network', 'loss at the end', ...stages], ['---', ...['', ...stages].map(() => '---:')], ...rows]
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return `${table}\n\n36 more layers: ${signed(plain)} for the plain network, ${signed(residual)} for the residual one.`
}

/** A difference of losses, with its sign. */
export const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)} nats`

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
