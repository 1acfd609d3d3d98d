import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NetworkName } from './degradation.ts'
import type { Schedule, StepRecord } from './train.ts'

interface Kept {
  readonly schedule: Schedule
  readonly records: readonly StepRecord[]
}

/** What an earlier call measured of a network with the same schedule; undefined where none did. */
export async function takeUp(
  folder: string,
  name: NetworkName,
  schedule: Schedule,
): Promise<readonly StepRecord[] | undefined> {
  const text = await readFile(fileOf(folder, name), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const kept = JSON.parse(text) as Kept
  return JSON.stringify(kept.schedule) === JSON.stringify(schedule) ? kept.records : undefined
}

/** Keeps a network's steps, so that an experiment that is broken off goes on with the next network. */
export async function keep(folder: string, name: NetworkName, kept: Kept): Promise<void> {
  await mkdir(folder, { recursive: true })
  const unfinished = `${fileOf(folder, name)}.unfinished`
  await writeFile(unfinished, JSON.stringify(kept))
  await rename(unfinished, fileOf(folder, name))
}

const fileOf = (folder: string, name: NetworkName): string => join(folder, `${name}.json`)
