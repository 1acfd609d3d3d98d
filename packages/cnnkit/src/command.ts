import { isCnnkitError } from '@cnnkit/errors'
import { Command, CommanderError, Option } from 'commander'
import { type BackendName, backendNames } from './drivers.ts'

/** Prints a result for people, or the same as JSON. */
export function print(json: boolean | undefined, data: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(data, undefined, 2) : text}\n`)
}

/** What {@link subcommand} adds to the options of a command. */
export interface ComputeOptions {
  /** Of the CPU; all unless given. */
  readonly threads?: number
  /** `wasm` unless another is named. */
  readonly backend: BackendName
}

/** A subcommand that computes, with what all of these have in common: `--json`, `--backend`, `--threads`, examples below the help. */
export function subcommand(name: string, description: string, examples: readonly string[]): Command {
  return lightCommand(name, description, examples)
    .addOption(
      new Option('--backend <name>', 'what computes: the CPU (wasm), or a GPU; `cnnkit doctor` says which run here')
        .choices(backendNames)
        .default('wasm'),
    )
    .addOption(new Option('--threads <n>', 'threads of the CPU; all unless given').argParser(positiveInteger))
}

/** A subcommand that computes nothing: `--json`, examples below the help. */
export function lightCommand(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .exitOverride()
    .addOption(new Option('--json', 'print the result as JSON'))
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ cnnkit ${example}`).join('\n')}`)
}

/** The option that names a network. */
export function modelOption(fallback: string): Option {
  return new Option('-m, --model <name>', 'a model of the zoo, or the folder of a saved one').default(fallback)
}

/** A whole number from 1, for options that count. */
export function positiveInteger(text: string): number {
  return checked(text, Number.isInteger(Number(text)) && Number(text) >= 1, 'a whole number from 1')
}

/** A number between 0 and 1, for options that are shares. */
export function share(text: string): number {
  return checked(text, Number(text) > 0 && Number(text) < 1, 'a number between 0 and 1')
}

function checked(text: string, fits: boolean, what: string): number {
  if (fits) return Number(text)
  throw new UsageError(`"${text}" is not ${what}.`)
}

/** What the user typed cannot be; the exit code is 2. */
export class UsageError extends Error {}

/**
 * A signal that Ctrl-C sets, for work that stops in good order. A second Ctrl-C ends the process at once. `stopping` is
 * what the first says.
 *
 * The listener stays: were it gone after the first, the one that a redrawn line leaves to restore the cursor would be the
 * last, and end the process.
 */
export function interruptSignal(stopping = 'Stopping after this step.'): AbortSignal {
  const controller = new AbortController()
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
    process.stderr.write(`\n${stopping} Press Ctrl-C again to end at once.\n`)
  })
  return controller.signal
}

/** What a failure means to the shell: 2 for a wrong call, 130 for Ctrl-C, 1 for all else. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError) return 2
  return isCnnkitError(error, 'ABORTED') ? 130 : 1
}
