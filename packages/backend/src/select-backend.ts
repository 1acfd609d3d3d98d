import { CnnkitError } from '@cnnkit/errors'
import type { BackendDriver, BackendReport } from '@cnnkit/kernels'
import { findBackendFactory, getBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core'
import { selfTest } from './self-test.ts'

/** Options of {@link selectBackend}. */
export interface SelectBackendOptions {
  /** Whether what started must also compute rightly; it must unless this is `false`. */
  readonly selfTest?: boolean
}

/** A driver that was passed over. */
export interface SkippedBackend {
  /** The driver's. */
  readonly name: string
  /** Why, in words for people. */
  readonly reason: string
}

/** What {@link selectBackend} chose. */
export interface BackendSelection {
  /** What runs where. */
  readonly report: BackendReport
  /** The drivers that were tried before it, in order. */
  readonly skipped: readonly SkippedBackend[]
}

/**
 * Makes the first backend current that works on this machine: each driver in turn is asked whether it can run, started,
 * and put to the {@link selfTest}.
 *
 * ```ts
 * const { report } = await selectBackend([webgpu(), wasm()])
 * ```
 *
 * @param drivers in the order of preference
 * @throws `NO_BACKEND` with each driver's reason when none works; the backend that was current before stays so
 */
export async function selectBackend(
  drivers: readonly BackendDriver[],
  options: SelectBackendOptions = {},
): Promise<BackendSelection> {
  const skipped: SkippedBackend[] = []
  for (const driver of drivers) {
    try {
      const impossible = await driver.probe()
      if (impossible === undefined) return { report: await started(driver, options), skipped }
      skipped.push({ name: driver.name, reason: impossible })
    } catch (error) {
      skipped.push({ name: driver.name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  const reasons = skipped.map(({ name, reason }) => `\n  ${name}: ${reason}`).join('')
  throw new CnnkitError(
    'backend',
    'NO_BACKEND',
    drivers.length === 0 ? 'No drivers were given. Give some, [wasm()] for one.' : `No backend works here.${reasons}`,
  )
}

/** Starts and tests; a backend that fails is taken away again, if it was not there before. */
async function started(driver: BackendDriver, options: SelectBackendOptions): Promise<BackendReport> {
  const previous = getBackend() as string | undefined
  const known = isRegistered(driver.name)
  try {
    const report = await driver.start()
    if (options.selfTest !== false) await selfTest()
    return report
  } catch (error) {
    if (previous !== undefined && previous !== driver.name) await setBackend(previous)
    if (!known) takeAway(driver.name)
    throw error
  }
}

function takeAway(name: string): void {
  try {
    if (isRegistered(name)) removeBackend(name)
  } catch {
    // It cannot even be disposed of. What it failed at is the reason to tell.
  }
}

function isRegistered(name: string): boolean {
  return findBackendFactory(name) !== null
}
