import { type Candidate, plainInput } from './locate.ts'
import type { Platform } from './platform.ts'
import type { NpmSource, UrlSource, WeightsInput } from './source.ts'
import type { Task } from './task.ts'

/**
 * What is tried, one after the other: the sources as they were given, though what the cache holds goes before what would
 * have to be fetched; then the copies that a mirror may have of them.
 */
export async function inOrder(
  inputs: readonly WeightsInput[],
  platform: Platform,
  task: Task,
): Promise<readonly Candidate[]> {
  const given = inputs.map((input) => ({ input: plainInput(input, platform) }))
  const ordered = given.length > 1 ? await heldFirst(given, platform, task) : given
  const { mirror } = task
  if (mirror === undefined || (task.offline && platform.asUrl(mirror) !== undefined)) return ordered
  return [...ordered, ...given.filter(({ input }) => isRemote(input)).map(({ input }) => ({ input, mirror }))]
}

/** Sources on this machine keep their places; of the others, those that the cache holds come first. */
async function heldFirst(given: readonly Candidate[], platform: Platform, task: Task): Promise<readonly Candidate[]> {
  const held: Candidate[] = []
  const rest: Candidate[] = []
  for (const candidate of given) {
    const { input } = candidate
    if (!isRemote(input)) continue
    const isHeld = await platform.holds(input, task).catch(() => false)
    ;(isHeld ? held : rest).push(candidate)
  }
  const remote = [...held, ...rest]
  return given.map((candidate) => (isRemote(candidate.input) ? (remote.shift() as Candidate) : candidate))
}

const isRemote = (input: Candidate['input']): input is UrlSource | NpmSource =>
  'kind' in input && (input.kind === 'url' || input.kind === 'npm')
