import { act, CommandFailed, run } from './act.mjs'
import { install } from './install.mjs'

/**
 * Installs and builds what has changed for one member of the workspace; ends the process where that fails.
 *
 * @param {string} member
 */
export async function build(member) {
  try {
    const env = await install()
    // The dots: with all that it depends on.
    const args = ['run', 'build', `--filter=${member}...`, '--output-logs=errors-only']
    await act('Build', () => run('turbo', args, { env, quiet: true }))
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
