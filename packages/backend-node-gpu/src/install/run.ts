import { spawn } from 'node:child_process'

/** How a command ended. */
export interface Ended {
  /** Nothing where it could not be started or was killed. */
  readonly code: number | null
  /** What it wrote, both streams in their order. */
  readonly output: string
}

/** Runs a command and keeps what it says. It never rejects. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', (error) => resolve({ code: null, output: `${output}${error.message}` }))
    child.on('close', (code) => resolve({ code, output }))
  })
}
