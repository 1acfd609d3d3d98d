import { Worker as NodeWorker } from 'node:worker_threads'
import { type StartWorker, serveSource } from './worker.ts'

/** A worker thread of Node. */
export const startWorker: StartWorker = (workerData) => {
  const source = `${serveSource}; serve(require('node:worker_threads').workerData)`
  const worker = new NodeWorker(source, { eval: true, execArgv: [], stdin: false, workerData })
  worker.unref()
  return { end: () => void worker.terminate() }
}
