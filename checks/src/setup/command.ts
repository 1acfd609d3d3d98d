import { type ExecFileException, execFile } from 'node:child_process'

/** How a program is run. */
export interface CommandOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Runs a program and returns what it wrote to stdout.
 *
 * @throws with all that it wrote, when it ends with another code than 0
 */
export function command(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')} (code ${error.code})\n${stdout}\n${stderr}`))
    }
    execFile(program, args, { ...options, encoding: 'utf8', maxBuffer: 2 ** 26 }, done)
  })
}
