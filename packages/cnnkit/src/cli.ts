#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { isCnnkitError } from '@cnnkit/errors'
import { CommanderError } from 'commander'
import { exitCodeOf, UsageError } from './command.ts'
import { program } from './program.ts'

const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
const { version } = JSON.parse(manifest) as { version: string }

try {
  await program(version).parseAsync()
} catch (error) {
  // commander has printed what it has to say. What was foreseen says what to do; anything else is a fault of ours.
  if (!(error instanceof CommanderError)) {
    const foreseen = isCnnkitError(error) || error instanceof UsageError
    process.stderr.write(`${foreseen ? (error as Error).message : ((error as Error).stack ?? error)}\n`)
  }
  process.exitCode = exitCodeOf(error)
}
