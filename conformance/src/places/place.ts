import type { BackendReport } from '@cnnkit/kernels'
import type { FormResult, Manner } from '../networks/compare-form.ts'
import type { Form } from '../networks/run-form.ts'
import type { KernelResult } from '../replay/replay.ts'

/** A backend where it runs. */
export interface Place {
  /** Tells it from the others; the name of its results. */
  readonly id: string
  /** For people. */
  readonly title: string
  /** Why it cannot run here; `undefined` where it may be tried. */
  why(): Promise<string | undefined>
  /** Starts it, with the backends that it is compared with. */
  open(): Promise<OpenPlace>
}

/** A backend that runs. */
export interface OpenPlace {
  readonly report: BackendReport
  /** Replays calls against `cpu`. */
  replay(lines: readonly string[]): Promise<readonly KernelResult[]>
  /** Runs a network here and on the reference. */
  network(form: Form, manner: Manner): Promise<FormResult>
  close(): Promise<void>
}
