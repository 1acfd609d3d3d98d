import { createRequire } from 'node:module'
import { ready, setBackend } from '@tensorflow/tfjs-core'
import type { Setting } from '../row.ts'
import { onThreads } from './tensorflow-threads.ts'

/** `@tensorflow/tfjs-node` as it comes, from where our driver has it. Gives the threads. */
export async function tfjsNode({ threads }: Setting): Promise<number> {
  onThreads(threads)
  const driver = createRequire(import.meta.url).resolve('@cnnkit/backend-node-gpu/package.json')
  createRequire(driver)('@tensorflow/tfjs-node')
  await setBackend('tensorflow')
  await ready()
  return threads
}
