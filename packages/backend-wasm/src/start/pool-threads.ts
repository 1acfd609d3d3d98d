import type { WasmOptions } from '../options.ts'

/**
 * Threads of TensorFlow.js' pool. Beside our own kernels it gets none but the main one: its threads look for work for a millisecond
 * after each operation, on the cores that ours have work for (measured: NASNet mobile on two threads took 1.5 times as long).
 */
export function poolThreads({ kernels }: WasmOptions, threads: number): number {
  return kernels === 'stock' ? threads : 1
}
