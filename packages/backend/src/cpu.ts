import { CnnkitError } from '@cnnkit/errors'
import { type BackendDriver, type BackendReport, correctAvgPoolGrad } from '@cnnkit/kernels'
import { setBackend } from '@tensorflow/tfjs-core'

/**
 * TensorFlow.js' backend in plain JavaScript, which runs anywhere: the last resort, and the reference in tests. It needs the
 * package `@tensorflow/tfjs-backend-cpu`.
 *
 * @returns a driver whose `start` throws `MISSING_PEER` where the package is not installed
 */
export function cpu(): BackendDriver {
  return { name: 'cpu', probe: async () => undefined, start }
}

async function start(): Promise<BackendReport> {
  try {
    await import('@tensorflow/tfjs-backend-cpu')
  } catch (error) {
    throw new CnnkitError(
      'backend',
      'MISSING_PEER',
      'The cpu backend needs the package @tensorflow/tfjs-backend-cpu: npm install @tensorflow/tfjs-backend-cpu@4.22',
      { cause: error },
    )
  }
  await setBackend('cpu')
  correctAvgPoolGrad('cpu')
  return { backend: 'cpu', device: 'CPU', threads: 1, details: { note: 'Plain JavaScript, the slowest of all.' } }
}
