import { failure } from '../../error.ts'
import type { Offers } from '../pip/offers.ts'
import { normalized, type WheelFile, wheelName } from '../pip/wheel-file.ts'
import type { Pins } from './pins.ts'

/** A wheel to fetch, and what its bytes must hash to. */
export interface ChosenWheel extends WheelFile {
  readonly sha256: string
  /** Whether the hash is one of ours, or the index's word. */
  readonly pinned: boolean
}

/**
 * The wheel of a version for Linux on x86-64: one that lies on this machine before one to fetch, and one whose hash we know before any other.
 *
 * @throws `NO_WHEEL` where none is offered, `WRONG_HASH` where an index gives another hash than ours for one of them
 */
export function chooseWheel(project: string, version: string, pins: Pins, { files, problems }: Offers): ChosenWheel {
  const fitting = files.filter(({ filename }) => {
    const name = wheelName(filename)
    return name?.project === normalized(project) && name.version === version && name.platforms.some(fits)
  })
  const chosen = fitting.flatMap((file) => withHash(file, pins) ?? []).sort((a, b) => rank(a) - rank(b))[0]
  if (chosen !== undefined) return chosen
  const asked = problems.length > 0 ? ` ${problems.join(' ')}` : ' All that pip is configured to ask were asked.'
  const why = fitting.length > 0 ? ' with a hash to hold it against' : ''
  throw failure('NO_WHEEL', `No wheel of ${project} ${version} for Linux on x86-64 was found${why}.${asked}`)
}

function withHash(file: WheelFile, pins: Pins): ChosenWheel | undefined {
  const pin = pins[file.filename]
  if (pin !== undefined && file.sha256 !== undefined && file.sha256 !== pin) {
    throw failure(
      'WRONG_HASH',
      `The index says that ${file.filename} has the SHA-256 ${file.sha256}. It is ${pin}: that is another file of the same name. Nothing was installed.`,
    )
  }
  const sha256 = pin ?? file.sha256
  return sha256 === undefined ? undefined : { ...file, sha256, pinned: pin !== undefined }
}

const rank = ({ url, pinned }: ChosenWheel): number => (pinned ? 0 : 2) + (/^https?:/.test(url) ? 1 : 0)

function fits(platform: string): boolean {
  return /^(manylinux|linux).*_x86_64$/.test(platform)
}
