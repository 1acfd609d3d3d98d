/** How long a turn is: it ends with the run that brings it to both. */
export interface TurnLength {
  readonly seconds: number
  readonly runs: number
}

/** What a turn gave. */
export interface Turn {
  /** Of each run. */
  readonly milliseconds: readonly number[]
  /** Processor time that the process took, in all its threads, in milliseconds. */
  readonly cpuMilliseconds: number
}

/** What the harness asks of a contender's process. */
export type Request =
  | { readonly ask: 'turn'; readonly length: TurnLength }
  | { readonly ask: 'next' }
  | { readonly ask: 'output' }
  | { readonly ask: 'end' }

/** What the process answers: `ready` unasked, then one answer for each request. */
export interface Answers {
  /** Milliseconds from the start of the process until the contender could work. */
  readonly ready: { readonly milliseconds: number; readonly threads: number }
  readonly turn: Turn
  /** Milliseconds; nothing where the contender has no `next`. */
  readonly next: { readonly milliseconds: number | undefined }
  readonly output: { readonly values: readonly number[] }
  /** Largest resident memory of the process, in MiB; the share of time that it waited, where the contender knows. */
  readonly end: { readonly peakMiB: number; readonly waiting: number | undefined }
}

/** What is sent, by what it answers. */
export type Answer = { [Kind in keyof Answers]: { readonly answer: Kind } & Answers[Kind] }[keyof Answers]
