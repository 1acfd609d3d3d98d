import { type BackendSelection, selectBackend } from '@cnnkit/backend'
import { wasm } from '@cnnkit/backend-wasm'

/**
 * Starts the fastest backend of this machine.
 *
 * @param threads for the CPU; as many as it has unless given
 */
export function startBackend(threads?: number): Promise<BackendSelection> {
  return selectBackend([wasm(threads === undefined ? {} : { threads })])
}
