import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ManagerName } from './package/manager.ts'

/** What an installation leaves beside what it brought, so that it can be told, repeated and undone. */
export interface Receipt {
  /** Of TensorFlow: `2.21.0`. */
  readonly tensorflow: string
  /** `cuda` brought NVIDIA's libraries too. */
  readonly form: 'cpu' | 'cuda'
  /** The wheels that it was taken from, with their hashes. */
  readonly wheels: Readonly<Record<string, string>>
  /** What it takes on the disk. */
  readonly bytes: number
  /** The manager that added TensorFlow.js' package, where it was not there before. */
  readonly addedBy?: ManagerName
}

const place = 'deps/cnnkit.json'

/** The receipt in a package's folder, or in one laid out like it. */
export function readReceipt(folder: string): Receipt | undefined {
  const file = path.join(folder, place)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Receipt) : undefined
}

/** Puts a receipt into a folder. */
export function writeReceipt(folder: string, receipt: Receipt): Promise<void> {
  return writeFile(path.join(folder, place), `${JSON.stringify(receipt, null, 2)}\n`)
}
