#!/usr/bin/env node
import { isCnnkitError } from '@cnnkit/errors'
import { Command } from 'commander'
import { type InstallOptions, install } from './install.ts'
import { status } from './status.ts'
import { type UninstallOptions, uninstall } from './uninstall.ts'

const program = new Command('cnnkit-node-gpu')
  .description(
    "Brings what nodeGpu() runs on: TensorFlow.js' package for Node, TensorFlow's library, and the binding between them.",
  )
  .showHelpAfterError()

program
  .command('install')
  .description('install or repair; done again it changes nothing')
  .option('--cpu', 'the CPU form: 274 MB to fetch, where the CUDA form has 3.3 GB')
  .option('--project <folder>', "the project's folder", '.')
  .option('--tensorflow <version>', 'version of TensorFlow')
  .option('--index-url <url>', "package index, in place of pip's")
  .option('--find-links <place>', "folder or page with wheels, before those of pip's configuration")
  .option('--nodedir <folder>', "folder with Node's headers in include/node")
  .option('--cache <folder>', 'where fetched wheels are kept')
  .option('--force', 'again, though all is there')
  .action(async (options: InstallOptions) => {
    await install(options)
  })

program
  .command('uninstall')
  .description('take away what install brought')
  .option('--project <folder>', "the project's folder", '.')
  .option('--cache', 'also the wheels that are kept')
  .action((options: UninstallOptions) => uninstall(options))

program
  .command('status')
  .description('say what is installed')
  .option('--project <folder>', "the project's folder", '.')
  .action(async ({ project }: { project: string }) => {
    process.stdout.write(`${(await status(project)).join('\n')}\n`)
  })

// So that what is half done is cleared away, as at every exit.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code))

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${isCnnkitError(error) ? error.message : ((error as Error).stack ?? error)}\n`)
  process.exitCode = 1
}
