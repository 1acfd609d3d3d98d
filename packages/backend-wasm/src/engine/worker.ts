/** What a worker needs to serve jobs. */
export interface WorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Address of the job. */
  readonly job: number
  /** Its number, from 1. */
  readonly thread: number
  /** The word in which it says that it ended in the middle of a job, as an index of the memory's. */
  readonly failed: number
}

/** A worker that was started. */
export interface Worker {
  end(): void
}

/** Starts a worker. It takes part in jobs once it is up, and never keeps a process alive. */
export type StartWorker = (data: WorkerData) => Worker

/**
 * The program of a worker, given a function that serves. One that cannot start is one thread less, which the others make up for;
 * one that ends in a job has left it half done, and says so, as nothing else would tell the main thread, which waits for it.
 */
export const serveSource = `const serve = ({ module, memory, job, thread, failed }) => {
  let kernels
  try { kernels = new WebAssembly.Instance(module, { env: { memory } }).exports } catch { return }
  try { kernels.serve(job, thread) } catch { Atomics.store(new Int32Array(memory.buffer), failed, thread) }
}`
