import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandFailed, run } from './act.mjs'

const skipped = fileURLToPath(new URL('./skipped-reporter.mjs', import.meta.url))

/**
 * Runs vitest, says what was skipped and why, and counts its tests. A file that cannot be loaded, and an error outside all tests, count as failed.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./steps.mjs').Counts>}
 */
export async function vitest(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'cnnkit-tests-'))
  const file = join(folder, 'result.json')
  const reporters = ['--reporter=default', `--reporter=${skipped}`, '--reporter=json', `--outputFile.json=${file}`]
  try {
    const ended = await run('vitest', ['run', ...args, ...reporters], { env }).catch((error) => error)
    if (ended !== undefined && !(ended instanceof CommandFailed)) throw ended
    const counts = countsOf(JSON.parse(readFileSync(file, 'utf8')))
    if (ended !== undefined && counts.failed === 0) counts.failed = 1
    return counts
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function countsOf(result) {
  const unloaded = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + unloaded.length,
    skipped: result.numPendingTests + result.numTodoTests,
  }
}
