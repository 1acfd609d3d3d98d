import { type StartWorker, serveSource } from './worker.ts'

/** A web worker, of a page that is cross-origin isolated. */
export const startWorker: StartWorker = (data) => {
  const source = `${serveSource}; onmessage = ({ data }) => serve(data)`
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new globalThis.Worker(url)
  URL.revokeObjectURL(url)
  worker.postMessage(data)
  return { end: () => worker.terminate() }
}
