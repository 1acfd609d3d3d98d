import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'

/*
 * Names of what is under way in the folder `partial`: <what>.<owner>.<random>.<kind>. The owner is `<host>-<pid>`, or `free`
 * for what was put down in good order. So no two processes write to one file, and what a killed one left can be told.
 */

/** What a name says. */
export interface Owned {
  readonly what: string
  readonly owner: string
  readonly random: string
  readonly kind: string
}

const host = hostname()
  .replaceAll(/[^A-Za-z0-9_-]/g, '_')
  .slice(0, 40)

/** After so long even what another machine began counts as abandoned. */
const abandonedAfter = 24 * 3600 * 1000

/** This process. */
export const me = (): string => `${host}-${process.pid}`

/** A name of this process. */
export const nameOf = (owned: Omit<Owned, 'random'> & { random?: string }): string =>
  `${owned.what}.${owned.owner}.${owned.random ?? randomBytes(4).toString('hex')}.${owned.kind}`

/** What a name says; undefined for other files. */
export function parseName(name: string): Owned | undefined {
  const [, what, owner, random, kind] = name.match(/^(.+)\.([A-Za-z0-9_-]+)\.([0-9a-f]{8})\.([a-z]+)$/) ?? []
  if (what === undefined || owner === undefined || random === undefined || kind === undefined) return undefined
  return { what, owner, random, kind }
}

/** Whether nobody works on a file any more: it was put down, or its process is gone, or it has not changed for a day. */
export async function isAbandoned({ owner }: Owned, path: string): Promise<boolean> {
  if (owner === 'free') return true
  const pid = owner.startsWith(`${host}-`) ? Number(owner.slice(host.length + 1)) : Number.NaN
  if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid)) return true
  const changed = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  )
  return Date.now() - changed > abandonedAfter
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Dead, but not yet buried by its parent, which in a container may never happen. Only Linux tells. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
