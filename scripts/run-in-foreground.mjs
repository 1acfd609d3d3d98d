import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { root } from './root.mjs'

/** Signals this close together are one: a terminal, a process group and npm may each hand on the same Ctrl-C. */
const SAME_SIGNAL_MS = 300

/**
 * Runs a Node program in the root of the repository as if it had been started in place of this one: it has the terminal, each Ctrl-C
 * reaches it exactly once, and this process ends after it and as it did.
 *
 * On a terminal, Ctrl-C goes to all of the foreground, so the program has it already. Without one, the program is kept out of
 * the process group and signals are handed on.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
export function runInForeground(program, args) {
  const onTerminal = process.platform === 'win32' || hasTerminal()
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit', detached: !onTerminal })
  let last = Number.NEGATIVE_INFINITY
  process.on('SIGINT', () => {
    if (onTerminal || performance.now() - last < SAME_SIGNAL_MS) return
    last = performance.now()
    child.kill('SIGINT')
  })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** Whether the process has a controlling terminal, wherever its output goes. */
function hasTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
