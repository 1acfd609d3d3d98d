import { nodeGpu } from '@cnnkit/backend-node-gpu'
import type { Setting } from '../row.ts'
import { onThreads } from './tensorflow-threads.ts'

/** Our driver of TensorFlow's own library. Gives the threads. */
export async function cnnkitNodeGpu({ threads }: Setting): Promise<number> {
  onThreads(threads)
  await nodeGpu().start()
  return threads
}
