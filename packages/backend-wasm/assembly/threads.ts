import { activeAt, failedAt, nextAt, openAt, roundAt, unitsAt } from '../src/engine/job-fields'
import { field } from './job'
import { work } from './work'

/** Looks at the next job so often before a worker goes to sleep: waking one takes longer than most of the kernels. */
const spins = 20000
/** Looks for the last worker so often before the host is asked how long to wait: about a millisecond. */
const patience = 1 << 20

function at(job: usize, word: i32): usize {
  return job + ((<usize>word) << 2)
}

/** Takes units until none is left. Whoever is quicker takes more, so a worker that got no core holds nobody up. */
function takeUnits(job: usize, thread: i32): void {
  const units = field(job, unitsAt)
  let unit = atomic.add<i32>(at(job, nextAt), 1)
  while (unit < units) {
    work(job, unit, thread)
    unit = atomic.add<i32>(at(job, nextAt), 1)
  }
}

/**
 * Runs a job to its end, with the help of the workers that are there. It spins for the last of them: the main thread of a
 * page may not wait.
 *
 * A worker counts itself active before it looks whether the job is open, and the job is closed before the active ones are
 * counted: so none can be at a job that this function has left.
 *
 * @returns as {@link settle}
 */
export function run(job: usize): bool {
  const units = field(job, unitsAt)
  // A job of one unit is done before a worker would be awake.
  if (ASC_FEATURE_THREADS && units > 1) {
    atomic.store<i32>(at(job, nextAt), 0)
    atomic.store<i32>(at(job, openAt), 1)
    atomic.add<i32>(at(job, roundAt), 1)
    atomic.notify(at(job, roundAt), -1)
    takeUnits(job, 0)
    atomic.store<i32>(at(job, openAt), 0)
    return settle(job)
  }
  for (let unit = 0; unit < units; unit++) work(job, unit, 0)
  return true
}

/** Whether all workers have left the job; false when one has not for a while, or never will. */
export function settle(job: usize): bool {
  if (ASC_FEATURE_THREADS) {
    for (let i = 0; i < patience; i++) {
      if (atomic.load<i32>(at(job, activeAt)) === 0) return true
      if (atomic.load<i32>(at(job, failedAt)) !== 0) return false
    }
    return false
  }
  return true
}

/** The life of a worker, until the round is negative. */
export function serve(job: usize, thread: i32): void {
  if (ASC_FEATURE_THREADS) {
    let seen = 0
    for (;;) {
      let round = atomic.load<i32>(at(job, roundAt))
      for (let i = 0; i < spins && round === seen; i++) round = atomic.load<i32>(at(job, roundAt))
      while (round === seen) {
        atomic.wait<i32>(at(job, roundAt), seen, -1)
        round = atomic.load<i32>(at(job, roundAt))
      }
      if (round < 0) return
      seen = round
      atomic.add<i32>(at(job, activeAt), 1)
      if (atomic.load<i32>(at(job, openAt)) === 1) takeUnits(job, thread)
      atomic.sub<i32>(at(job, activeAt), 1)
    }
  }
}
