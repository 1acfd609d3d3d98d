import { wasm } from '@cnnkit/backend-wasm'
import '@tensorflow/tfjs-backend-wasm'
import { getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import type { Setting } from '../row.ts'

/**
 * TensorFlow.js' own kernels, every one, in its threaded module as our backend starts it in Node. Without our start they
 * have one thread there. For forward passes only: the gradients stay ours. Gives the threads.
 */
export async function tfjsWasmOnThreads({ threads }: Setting): Promise<number> {
  const stock = getKernelsForBackend('wasm')
  const report = await wasm({ threads, kernels: 'stock' }).start()
  for (const { kernelName } of getKernelsForBackend('wasm')) unregisterKernel(kernelName, 'wasm')
  for (const kernel of stock) registerKernel(kernel)
  return report.threads ?? 1
}
