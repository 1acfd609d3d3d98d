import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm'
import { ready, setBackend } from '@tensorflow/tfjs-core'

/** TensorFlow.js' wasm backend as it comes. In Node it runs on one thread, whatever it is asked. Gives the threads. */
export async function tfjsWasm(): Promise<number> {
  await setBackend('wasm')
  await ready()
  return getThreadsCount()
}
