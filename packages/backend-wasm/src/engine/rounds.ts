import { CnnkitError } from '@cnnkit/errors'
import { failedAt } from './job-fields.ts'

/** What a round needs of the kernels. */
interface Kernels {
  run(job: number): number
  settle(job: number): number
}

/** Milliseconds that a worker may take for the last piece of a job before it counts as gone: far more than any piece takes, also on a machine that is short of cores. */
export const mostPatience = 30_000

/** Milliseconds that one look counts at most: a process that was stopped, or a machine that slept, has not waited, and its workers slept too. */
const longestLook = 20

/**
 * Runs jobs, one at a time, each to its end or to an error: what a worker left half done is never handed on. After that no
 * further job is run, as the worker may come back and write.
 */
export class Rounds {
  #lost = false
  readonly #kernels: Kernels
  readonly #area: { readonly words: Int32Array }
  readonly #job: number
  readonly #patience: number

  constructor(kernels: Kernels, area: { readonly words: Int32Array }, job: number, patience: number) {
    this.#kernels = kernels
    this.#area = area
    this.#job = job
    this.#patience = patience
  }

  /** @throws `WORKER_LOST` */
  run(): void {
    if (this.#lost || this.#failed()) this.#lose()
    if (this.#kernels.run(this.#job)) return
    let [waited, looked] = [0, performance.now()]
    while (!this.#kernels.settle(this.#job)) {
      const now = performance.now()
      waited += Math.min(now - looked, longestLook)
      looked = now
      if (this.#failed() || waited > this.#patience) this.#lose()
    }
  }

  #failed(): boolean {
    return Atomics.load(this.#area.words, failedAt) !== 0
  }

  #lose(): never {
    this.#lost = true
    throw new CnnkitError(
      'backend-wasm',
      'WORKER_LOST',
      "A worker of cnnkit's kernels ended, or hung, in the middle of an operation, so its result is not there. Start the program anew, or the backend after all tensors are disposed; with wasm({ threads: 1 }) there are no workers.",
    )
  }
}
