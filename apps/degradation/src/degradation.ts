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
