// `npm test`: everything that must hold, on a fresh clone with nothing but Node and npm. The last line counts the tests.

import { run } from './act.mjs'
import { install } from './install.mjs'
import { steps } from './steps.mjs'
import { vitest } from './vitest.mjs'

const { step, close } = steps()

const env = await step('Install', install)
if (env) {
  const command =
    (name, ...args) =>
    () =>
      run(name, args, { env })
  await step('System packages', command('sh', 'scripts/system-packages.sh'))
  await step('Build', command('turbo', 'run', 'build', '--continue', '--output-logs=errors-only'))
  await step('Types', command('tsc', '--noEmit'))
  await step('Lint', command('biome', 'check', '--error-on-warnings', '.'))
  await step('Unused code', command('knip'))
  await step('Tests', () => vitest(['--config', 'vitest.config.ts'], env))
  await step('Documentation', command('typedoc'))
  await step('Packages', () => vitest(['--config', 'checks/vitest.config.ts'], env))
}
close()
