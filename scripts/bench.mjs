// `npm run bench [-- arguments]`: installs and builds what has changed, then measures cnnkit beside its peers.
import { join } from 'node:path'
import { act, CommandFailed, run } from './act.mjs'
import { install } from './install.mjs'
import { root } from './root.mjs'
import { runInForeground } from './run-in-foreground.mjs'

try {
  const env = await install()
  // The dots: with all that it depends on.
  const build = ['run', 'build', '--filter=bench...', '--output-logs=errors-only']
  await act('Build', () => run('turbo', build, { env, quiet: true }))
} catch (error) {
  if (!(error instanceof CommandFailed)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

runInForeground(join(root, 'bench/dist/main.js'), process.argv.slice(2))
