/**
 * How the learning rate moves over a run, as data.
 *
 * - `constant`
 * - `cosine`: rises in a line over the first `warmUp` share of the steps, then falls to zero along a half cosine
 *   (Loshchilov and Hutter 2016, "SGDR", without restarts)
 */
export type Schedule =
  | {
      /** The same rate throughout. */
      readonly kind: 'constant'
    }
  | {
      /** Half a cosine from the highest rate to none. */
      readonly kind: 'cosine'
      /** Share of the steps in which the rate first rises to its highest; none unless given. */
      readonly warmUp?: number
    }

/**
 * The factor on the learning rate, 0 to 1.
 *
 * @param step from 0
 * @param steps of the whole run
 */
export function scheduleFactor(schedule: Schedule, step: number, steps: number): number {
  if (schedule.kind === 'constant') return 1
  const rising = Math.round((schedule.warmUp ?? 0) * steps)
  if (step < rising) return (step + 1) / (rising + 1)
  return (1 + Math.cos((Math.PI * (step - rising)) / Math.max(1, steps - rising))) / 2
}
