/** The rate times `factor` whenever what is watched has not improved for a while, as `ReduceLROnPlateau` of PyTorch. */
export interface PlateauSpec {
  /** Tells this schedule from the others. */
  readonly kind: 'plateau'
  /** What is watched: of the held-out pictures, or of the training pictures where there are none. `loss` unless given. */
  readonly watch?: 'loss' | 'accuracy'
  /** 0.1 unless given. */
  readonly factor?: number
  /** Epochs without an improvement that are let pass; 10 unless given. */
  readonly patience?: number
  /** Share of the best by which a figure must be better to count; 1e-4 unless given. */
  readonly threshold?: number
  /** Epochs after a reduction in which nothing is counted; none unless given. */
  readonly coolDown?: number
  /** The factor below which it does not go, as a share of the highest rate; none unless given. */
  readonly least?: number
}

/** Where a plateau stands after some epochs. */
export interface PlateauState {
  /** The best figure so far; `null` before the first. */
  readonly best: number | null
  /** Epochs since then that count. */
  readonly waited: number
  /** Epochs left in which nothing counts. */
  readonly cooling: number
  /** How often the rate was reduced. */
  readonly reductions: number
}

/** Before the first epoch. */
export const plateauStart: PlateauState = { best: null, waited: 0, cooling: 0, reductions: 0 }

/** Where a plateau stands one epoch on. A figure that is no number is no improvement. */
export function plateauAfter(spec: PlateauSpec, state: PlateauState, figure: number): PlateauState {
  const { watch = 'loss', patience = 10, threshold = 1e-4, coolDown = 0 } = spec
  const { best } = state
  const bar = best === null ? undefined : best * (watch === 'loss' ? 1 - threshold : 1 + threshold)
  const better = Number.isFinite(figure) && (bar === undefined || (watch === 'loss' ? figure < bar : figure > bar))
  const waited = better || state.cooling > 0 ? 0 : state.waited + 1
  const cooling = Math.max(0, state.cooling - 1)
  const known = better ? figure : best
  if (waited <= patience) return { best: known, waited, cooling, reductions: state.reductions }
  return { best: known, waited: 0, cooling: coolDown, reductions: state.reductions + 1 }
}
