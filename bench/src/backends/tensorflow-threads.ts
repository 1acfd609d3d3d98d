/** Has TensorFlow's library compute on so many threads. Before it is loaded. */
export function onThreads(threads: number): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'
  process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  process.env.TF_NUM_INTEROP_THREADS = String(threads)
}
