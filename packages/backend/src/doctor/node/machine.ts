import os from 'node:os'
import type { Finding, Machine } from '../diagnosis.ts'
import { coreQuota } from './cgroup.ts'
import type { Graphics } from './graphics.ts'

/** The machine as Node sees it. */
export function machineOf(graphics: Graphics): Machine {
  const processor = os.cpus()[0]?.model.trim()
  const limit = process.constrainedMemory?.() ?? 0
  const total = os.totalmem()
  return {
    ...(processor && { processor }),
    cores: os.cpus().length || os.availableParallelism(),
    usableCores: Math.min(os.availableParallelism(), coreQuota() ?? Number.POSITIVE_INFINITY),
    memoryBytes: total,
    // Where nothing limits it, Node says 0 or more than there is.
    ...(limit > 0 && limit < total && { memoryLimitBytes: limit }),
    cards: graphics.cards,
    details: graphics.details,
  }
}

/** Threads that would wait for one another. */
export function machineFindings({ usableCores }: Machine, parallelism: number = os.availableParallelism()): Finding[] {
  if (usableCores >= parallelism) return []
  const threads = Math.max(1, Math.floor(usableCores))
  return [
    {
      severity: 'warning',
      what: `The container gives this process the time of ${usableCores} cores, and wasm() would start ${Math.min(8, parallelism)} threads, which then wait for one another.`,
      remedy: `wasm({ threads: ${threads} }), or --threads ${threads} on the command line`,
    },
  ]
}
