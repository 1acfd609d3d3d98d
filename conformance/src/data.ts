import { readFileSync, writeFileSync } from 'node:fs'
import type { ZooKernels } from './collect/record.ts'

const file = new URL('../data/zoo-kernels.json', import.meta.url)

/** What was collected last. */
export const readZooKernels = (): ZooKernels => JSON.parse(readFileSync(file, 'utf8')) as ZooKernels

/** Keeps what was collected. */
export function writeZooKernels(kernels: ZooKernels): void {
  writeFileSync(file, `${JSON.stringify(kernels, undefined, 1)}\n`)
}
