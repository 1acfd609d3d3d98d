import { type BackendSelection, selectBackend } from '@cnnkit/backend'
import { type BackendName, driverNamed } from './drivers.ts'

/**
 * Starts the backend that is asked for.
 *
 * @param threads for the CPU; as many as it has unless given
 * @param backend the CPU by WebAssembly unless another is named
 * @throws `NO_BACKEND` with the reason where it does not run here
 */
export async function startBackend(threads?: number, backend: BackendName = 'wasm'): Promise<BackendSelection> {
  return selectBackend([await driverNamed(backend, threads)])
}
