import { CnnkitError } from '@cnnkit/errors'

/** What a call says after the GPU is lost. */
export function lostError({ reason, message }: { readonly reason: string; readonly message: string }): CnnkitError {
  return new CnnkitError(
    'backend-webgpu',
    'DEVICE_LOST',
    `The GPU was lost (${reason}: ${message || 'no word from the driver'}), and all tensors on it with it. Start webgpu() again, or another backend, and load the model anew.`,
  )
}

/** What a read says after a kernel was refused by the GPU: WebGPU goes on with zeros. */
export function refusedError(kind: string, message: string): CnnkitError {
  const [first = ''] = message.split('\n')
  return kind === 'GPUOutOfMemoryError'
    ? new CnnkitError(
        'backend-webgpu',
        'OUT_OF_MEMORY',
        `The GPU has no memory left (${first}). Take a smaller batch or smaller pictures, and start webgpu() again.`,
      )
    : new CnnkitError(
        'backend-webgpu',
        'GPU_ERROR',
        `The GPU refused an operation, so that results are not to be trusted: ${first} Start webgpu() again.`,
      )
}
