// `npm run test:slow`: the checks that take minutes, `*.slow.test.ts`. The last line counts the tests.
import { install } from './install.mjs'
import { steps } from './steps.mjs'
import { vitest } from './vitest.mjs'

const { step, close } = steps()

const env = await step('Install', install)
if (env) await step('Slow tests', () => vitest(['--config', 'vitest.slow.config.ts', ...process.argv.slice(2)], env))
close()
