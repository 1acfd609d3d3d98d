import type { BackendDriver } from '@cnnkit/kernels'
import { getBackend, setBackend } from '@tensorflow/tfjs-core'
import { selectBackend } from '../select-backend.ts'
import type { BackendCheck, Finding } from './diagnosis.ts'

/** Asks each backend, and starts and tests it unless told otherwise. The one that was current stays so; what was started stays registered. */
export async function checkBackends(drivers: readonly BackendDriver[], start: boolean): Promise<BackendCheck[]> {
  const before = getBackend() as string | undefined
  const checks: BackendCheck[] = []
  for (const driver of drivers) checks.push(await (start ? started(driver) : asked(driver)))
  if (before !== undefined) await setBackend(before)
  return checks
}

async function asked(driver: BackendDriver): Promise<BackendCheck> {
  const reason = await driver.probe().catch(wordsOf)
  return { name: driver.name, works: reason === undefined, ...(reason !== undefined && { reason }) }
}

async function started(driver: BackendDriver): Promise<BackendCheck> {
  const check = await asked(driver)
  if (!check.works) return check
  const begin = performance.now()
  try {
    const { report } = await selectBackend([driver])
    return { ...check, report, milliseconds: Math.round(performance.now() - begin) }
  } catch (error) {
    // One driver was tried: the list of reasons is its own.
    const reason = wordsOf(error).replace(/^.*No backend works here\.\s*[^:]*: /s, '')
    return { name: driver.name, works: false, reason }
  }
}

/** What a list of checks says about the whole. */
export function backendFindings(checks: readonly BackendCheck[]): Finding[] {
  if (checks.length === 0 || checks.some(({ works }) => works)) return []
  return [
    {
      severity: 'fault',
      what: 'None of the backends runs here.',
      remedy: 'wasm() of @cnnkit/backend-wasm runs on any CPU: npm install @cnnkit/backend-wasm',
    },
  ]
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
