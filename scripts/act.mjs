import { spawn } from 'node:child_process'
import { root } from './root.mjs'

/**
 * Does one thing and says on stderr how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 */
export async function act(title, work) {
  const started = performance.now()
  if (process.stderr.isTTY) process.stderr.write(`${title} ...\r`)
  const result = await work()
  process.stderr.write(`${title}: ${seconds(started)}\n`)
  return result
}

/** @param {number} started by `performance.now()` */
export function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}

/** A program ended with another code than 0. */
export class CommandFailed extends Error {}

/**
 * Runs a program of the path in the root of the repository.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, quiet?: boolean }} options quiet shows its output only when it fails
 * @returns {Promise<void>}
 * @throws {CommandFailed} when it ends with another code than 0
 */
export function run(command, args, { env, quiet = false }) {
  // On Windows the programs of npm are scripts for the shell.
  const shell = process.platform === 'win32' && command !== process.execPath
  const child = spawn(command, args, { cwd: root, env, shell, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve()
      process.stderr.write(Buffer.concat(output))
      reject(new CommandFailed(`${command} ${args.join(' ')} ended with ${signal ?? `code ${code}`}.`))
    })
  })
}
