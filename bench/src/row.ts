/** What a contender is started with. */
export interface Setting {
  /** How many threads it is asked to use; what it uses is its {@link Subject.threads}. */
  readonly threads: number
}

/** A contender in its process, ready to work. Nothing of it is disposed: the process ends. */
export interface Subject {
  /** How many threads it really runs on. */
  readonly threads: number
  /** The work, once. This is what is timed; it ends when the result can be read. */
  run(): Promise<void>
  /** Timed once, after the first {@link Subject.run}: what a user does next. */
  next?(): Promise<void>
  /** Where another process does the work: the processor time that it has taken so far, and its largest resident memory. */
  elsewhere?(): Promise<Usage>
  /** Of the time of all runs but the first, the share in which it waited for what it works on, 0 to 1. */
  waiting?(): number
  /** What the work gave, to see that all contenders do the same. */
  output(): Promise<Iterable<number>>
}

/** What a process has taken. */
export interface Usage {
  /** Processor time in all its threads, in milliseconds. */
  readonly cpuMilliseconds: number
  /** Largest resident memory, in MiB. */
  readonly peakMiB: number
}

/** One of the programs that are compared. */
export interface Contender {
  /** In a word or two, for tables. */
  readonly name: string
  /** What it is, exactly: which package, which backend, which part is whose. */
  readonly what: string
  /** The numbers of threads it takes part with; all of the row's unless given. */
  readonly threads?: readonly number[]
  /** A run of it takes minutes: it has one turn, its first run, before the others' turns. */
  readonly slow?: boolean
  /** Its result is its own, as its weights are, and is not compared. */
  readonly ownOutput?: true
  /** Makes it ready. What it needs is imported here, so that a process holds one contender only. */
  open(setting: Setting): Promise<Subject>
}

/** One comparison: the same work by several contenders. */
export interface Row {
  /** How the command line and the results' file call it. */
  readonly name: string
  /** What is compared, for a heading. */
  readonly title: string
  /** What is timed, and what is not. */
  readonly timed: string
  /** What {@link Subject.next} is, where contenders have it. */
  readonly next?: string
  /** The numbers of threads it is run with, one after the other. */
  readonly threads: readonly number[]
  /**
   * `kept`: each contender has one process, is warmed up, and takes turns. `fresh`: each turn is a new process, and its
   * first run counts.
   */
  readonly process: 'kept' | 'fresh'
  /** The first is ours: the others' times are given as multiples of its. */
  readonly contenders: readonly [Contender, ...Contender[]]
  /** How far outputs may be apart, max |a - b| / max |b|; or why they are not to be compared. */
  readonly sameOutput: number | string
  /** Where something is needed that nobody can fetch and that is not there: what to do. The row is left out then. */
  missing?(): string | undefined
  /** Fetches what the contenders need, before any of them starts. */
  prepare?(): Promise<void>
}
