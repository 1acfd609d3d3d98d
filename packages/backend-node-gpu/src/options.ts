/** Options of `nodeGpu`. */
export interface NodeGpuOptions {
  /** Whether it must compute on a CUDA device: where there is none, `start` throws `NO_GPU` instead of computing on the CPU. */
  readonly requireGpu?: boolean
}
