import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BackendReport } from '@cnnkit/kernels'
import type { FormResult } from '../networks/compare-form.ts'
import type { KernelResult, Replayed } from '../replay/replay.ts'

/** What a kernel came to, with its worst call in place of all that failed. */
export interface KernelSummary extends Omit<KernelResult, 'failed'> {
  readonly failed: number
  /** The first of those that failed. */
  readonly example?: Replayed
}

/** What was found of a backend where it ran: a file in `results/`. */
export interface PlaceResults {
  readonly title: string
  /** Of the last run, as year-month-day. */
  readonly date: string
  readonly versions: Readonly<Record<string, string>>
  readonly report: BackendReport
  readonly kernels: readonly KernelSummary[]
  /** By network and form. */
  readonly networks: Readonly<Record<string, FormResult>>
}

const folder = new URL('../../results/', import.meta.url)
const fileOf = (id: string): URL => new URL(`${id}.json`, folder)

/** All results that there are, by place. */
export function readAllResults(): Readonly<Record<string, PlaceResults>> {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const ids = files.map((name) => name.slice(0, -'.json'.length)).sort()
  return Object.fromEntries(ids.map((id) => [id, readResults(id)!]))
}

/** The results of a place, if it ever ran. */
export function readResults(id: string): PlaceResults | undefined {
  const file = fileOf(id)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8'), revived) as PlaceResults) : undefined
}

/** Keeps the results of a place. */
export function writeResults(id: string, results: PlaceResults): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(fileOf(id), `${JSON.stringify(results, rounded, 1)}\n`)
}

/** Versions of what a result depends on. */
export function versions(): Readonly<Record<string, string>> {
  const require = createRequire(import.meta.url)
  const { version } = require('@tensorflow/tfjs-core/package.json') as { version: string }
  return { tfjs: version, node: process.versions.node }
}

/** A report in few words: the worst and an example. */
export function summaryOf({ failed, ...rest }: KernelResult): KernelSummary {
  return { ...rest, failed: failed.length, ...(failed[0] && { example: failed[0] }) }
}

const rounded = (_: string, value: unknown): unknown => {
  if (value === Number.POSITIVE_INFINITY) return 'Infinity'
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value
}

const revived = (_: string, value: unknown): unknown => (value === 'Infinity' ? Number.POSITIVE_INFINITY : value)
