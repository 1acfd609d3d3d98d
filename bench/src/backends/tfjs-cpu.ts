import '@tensorflow/tfjs-backend-cpu'
import { ready, setBackend } from '@tensorflow/tfjs-core'

/** TensorFlow.js' plain JavaScript backend, on one thread. Gives the threads. */
export async function tfjsCpu(): Promise<number> {
  await setBackend('cpu')
  await ready()
  return 1
}
