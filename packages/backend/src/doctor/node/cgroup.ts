import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = '/sys/fs/cgroup'

/** How many cores' time a container gives this process; undefined where it gives all. Fractions are what they are. */
export function coreQuota(): number | undefined {
  const [quota, period] = (first(candidates('cpu.max')) ?? '').split(' ')
  if (quota !== undefined && period !== undefined && quota !== 'max') return Number(quota) / Number(period)
  const old = Number(first([path.join(root, 'cpu/cpu.cfs_quota_us')]) ?? -1)
  const oldPeriod = Number(first([path.join(root, 'cpu/cpu.cfs_period_us')]) ?? 0)
  return old > 0 && oldPeriod > 0 ? old / oldPeriod : undefined
}

/** Of the process's own group, or of the container's. */
function candidates(file: string): string[] {
  const own = /^0::(.*)$/m.exec(first(['/proc/self/cgroup']) ?? '')?.[1] ?? '/'
  return [path.join(root, own, file), path.join(root, file)]
}

function first(files: readonly string[]): string | undefined {
  for (const file of files) {
    try {
      return readFileSync(file, 'utf8').trim()
    } catch {
      // Not here.
    }
  }
  return undefined
}
