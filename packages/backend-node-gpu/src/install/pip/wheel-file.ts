/** A wheel that an index or a folder offers. */
export interface WheelFile {
  /** `tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl`. */
  readonly filename: string
  /** An address, or the path of a file. */
  readonly url: string
  /** In hexadecimal, as the index gives it. */
  readonly sha256?: string
  /** In bytes, as the index gives it. */
  readonly size?: number
}

/** What a wheel's name says (PEP 427). */
export interface WheelName {
  /** Normalised: `tensorflow-cpu`. */
  readonly project: string
  readonly version: string
  readonly platforms: readonly string[]
}

/** Reads the name of a wheel; nothing where it is none. */
export function wheelName(filename: string): WheelName | undefined {
  const match = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-([^-]+)\.whl$/.exec(filename)
  if (match === null) return undefined
  return { project: normalized(match[1]!), version: match[2]!, platforms: match[3]!.split('.') }
}

/** A project's name as indexes spell it (PEP 503). */
export function normalized(project: string): string {
  return project.toLowerCase().replaceAll(/[-_.]+/g, '-')
}
