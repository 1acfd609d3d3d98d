import type { BackendDriver } from '@cnnkit/backend'
import { wasm } from '@cnnkit/backend-wasm'

/** A backend, by the name that `--backend` takes. */
export type BackendName = 'wasm' | 'webgpu' | 'node-gpu'

/** All of them. */
export const backendNames: readonly BackendName[] = ['wasm', 'webgpu', 'node-gpu']

/**
 * The driver of a backend. One whose package is not installed says so when it is asked, and how to install it.
 *
 * @param threads for the CPU; as many as it has unless given
 */
export async function driverNamed(name: BackendName, threads?: number): Promise<BackendDriver> {
  if (name === 'wasm') return wasm(threads === undefined ? {} : { threads })
  return name === 'webgpu'
    ? installed('webgpu', '@cnnkit/backend-webgpu webgpu', async () =>
        (await import('@cnnkit/backend-webgpu')).webgpu(),
      )
    : installed('tensorflow', '@cnnkit/backend-node-gpu', async () =>
        (await import('@cnnkit/backend-node-gpu')).nodeGpu(),
      )
}

/** These packages do not come with the command line. */
async function installed(name: string, packages: string, load: () => Promise<BackendDriver>): Promise<BackendDriver> {
  try {
    return await load()
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    const [needed] = packages.split(' ')
    const reason = `The package ${needed} is not installed: npm install ${packages}`
    return { name, probe: async () => reason, start: () => Promise.reject(new Error(reason)) }
  }
}
