/** What a worker needs to serve jobs. */
export interface WorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Address of the job. */
  readonly job: number
  /** Its number, from 1. */
  readonly thread: number
}

/** A worker that was started. */
export interface Worker {
  end(): void
}

/** Starts a worker. It takes part in jobs once it is up, and never keeps a process alive. */
export type StartWorker = (data: WorkerData) => Worker

/** The program of a worker, given a function that serves. */
export const serveSource =
  'const serve = ({ module, memory, job, thread }) => new WebAssembly.Instance(module, { env: { memory } }).exports.serve(job, thread)'
