import { seconds } from './act.mjs'

/**
 * Tests that ran.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * A run of steps: a step that fails is counted and the next ones go on. What a step returns is added up where it counts tests.
 */
export function steps() {
  const lines = []
  const total = { passed: 0, failed: 0, skipped: 0 }

  /**
   * @template T
   * @param {string} title
   * @param {() => Promise<T>} work
   * @returns {Promise<T | undefined>} nothing when the step fails
   */
  async function step(title, work) {
    process.stdout.write(`\n── ${title}\n`)
    const started = performance.now()
    let outcome = 'ok'
    try {
      const result = await work()
      if (add(total, result) > 0) outcome = 'failed'
      return result
    } catch (error) {
      process.stdout.write(`${error.message}\n`)
      total.failed += 1
      outcome = 'failed'
    } finally {
      lines.push(`${outcome.padEnd(7)}${title.padEnd(18)}${seconds(started).padStart(8)}`)
      process.stdout.write(`── ${title}: ${outcome}, ${seconds(started)}\n`)
    }
  }

  /** Prints what every step took and, last of all, the count; a failure is the process' exit code. */
  function close() {
    process.stdout.write(`\n${lines.join('\n')}\n\n`)
    process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
    process.exitCode = total.failed > 0 ? 1 : 0
  }

  return { step, close }
}

/**
 * @param {Counts} total
 * @param {unknown} result
 * @returns how many of the result failed
 */
function add(total, result) {
  if (typeof result !== 'object' || result === null || !('passed' in result)) return 0
  for (const key of Object.keys(total)) total[key] += result[key]
  return result.failed
}
