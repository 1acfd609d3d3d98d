import type { BackendDriver, BackendReport } from '@cnnkit/kernels'

/** Options of `doctor`. */
export interface DoctorOptions {
  /** Backends to look at, as `selectBackend` takes them; none unless given. */
  readonly drivers?: readonly BackendDriver[]
  /** Whether backends that say they can run are started and put to the self-test; they are unless this is `false`. */
  readonly start?: boolean
  /** In Node, the folder of the project whose packages are looked at; the working directory unless given. */
  readonly folder?: string
}

/** Something that was found, and what to do about it. */
export interface Finding {
  /** `'fault'`: something does not work. `'warning'`: it works, and not as it could. `'note'`: worth knowing. */
  readonly severity: 'fault' | 'warning' | 'note'
  /** What, in a sentence or two. */
  readonly what: string
  /** What to do, a command where there is one. */
  readonly remedy?: string
}

/** A package of TensorFlow.js or of this house, as it lies in the project. */
export interface FoundPackage {
  /** As npm knows it. */
  readonly name: string
  /** The one that is installed. */
  readonly version: string
  /** Where, from the project's folder; nothing of what lies above it. Empty in a browser. */
  readonly path: string
}

/** How it stands with a backend. */
export interface BackendCheck {
  /** The name TensorFlow.js knows it by. */
  readonly name: string
  /** Whether it runs: started and tested, or only asked where the options say so. */
  readonly works: boolean
  /** What runs where, if it was started. */
  readonly report?: BackendReport
  /** Why it does not run, and what to do. */
  readonly reason?: string
  /** How long it took to start and test, in milliseconds. */
  readonly milliseconds?: number
}

/** The machine, as far as it matters here. */
export interface Machine {
  /** The processor, where the platform names it. */
  readonly processor?: string
  /** Logical cores that there are. */
  readonly cores: number
  /** Those that this process may use, if the system limits it; a container may give half a core. */
  readonly usableCores: number
  /** Bytes of memory that there are; a browser tells a round number, or nothing. */
  readonly memoryBytes?: number
  /** Bytes that this process may use at most, where that is less. */
  readonly memoryLimitBytes?: number
  /** Graphics cards, as far as they can be seen without a driver; none in a browser. */
  readonly cards: readonly string[]
  /** Further facts for people: drivers, what a page may do. */
  readonly details: Readonly<Record<string, string>>
}

/** What `doctor` found. */
export interface Diagnosis {
  /** What runs the program: `Node 22.11.0, linux x64`, or a browser as it calls itself. */
  readonly runtime: string
  /** The machine. */
  readonly machine: Machine
  /** Packages of TensorFlow.js and of this house, each copy once. */
  readonly packages: readonly FoundPackage[]
  /** The drivers that were given, in order. */
  readonly backends: readonly BackendCheck[]
  /** Faults first. */
  readonly findings: readonly Finding[]
}
