import { Worker } from 'node:worker_threads'
import { loadSharp } from '../sharp.node.ts'
import type { Answer } from './worker-messages.ts'
import { type Workers, workersBy } from './workers.ts'

/** Worker threads of Node. They never keep a process alive while they have nothing to do, and end with it. */
export const nodeWorkers: Workers = workersBy(async ({ answer, lost }) => {
  // sharp's libraries must be loaded by the main thread before any other.
  await loadSharp()
  const worker = new Worker(...program())
  worker.on('message', (given: Answer) => answer(given))
  for (const event of ['error', 'messageerror', 'exit']) worker.on(event, lost)
  worker.unref()
  return {
    post: (request) => worker.postMessage(request),
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
  }
})

/** The worker's program beside this one: as it is built, or as source where this runs as source. */
function program(): ConstructorParameters<typeof Worker> {
  if (!import.meta.url.endsWith('.ts')) return [new URL('./worker.js', import.meta.url), { execArgv: [] }]
  const [tsx, source] = ['tsx/esm/api', '../worker.ts'].map((path) => JSON.stringify(import.meta.resolve(path)))
  const script = `import(${tsx}).then(({ register }) => (register(), import(${source})))`
  return [script, { eval: true, execArgv: ['--conditions=@cnnkit/source'] }]
}
