import { CnnkitError } from '@cnnkit/errors'
import type { LostContext } from './options.ts'

/** What a call says after the context is lost. */
export function lostError({ reason, message }: LostContext): CnnkitError {
  return new CnnkitError(
    'backend',
    'DEVICE_LOST',
    `The WebGL context was lost (${reason}: ${message || 'no word from the browser'}), and all tensors on it with it. Start webgl() again, or another backend, and load the model anew.`,
  )
}

/** What a read says after the GPU had no room for a texture: WebGL goes on with zeros. */
export function memoryError(): CnnkitError {
  return new CnnkitError(
    'backend',
    'OUT_OF_MEMORY',
    'The GPU has no memory left for textures, so that results are not to be trusted. Take a smaller batch or smaller pictures, and start webgl() again.',
  )
}

/** What a start says where TensorFlow.js' package is not installed. */
export function missingPeer(cause: unknown): CnnkitError {
  return new CnnkitError(
    'backend',
    'MISSING_PEER',
    'The webgl backend needs the package @tensorflow/tfjs-backend-webgl: npm install @tensorflow/tfjs-backend-webgl@4.22',
    { cause },
  )
}
