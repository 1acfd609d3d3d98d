import type { Diagnosis, DoctorOptions } from './diagnosis.ts'

/**
 * Looks over what computation depends on: the packages of TensorFlow.js and whether there are two of one, peers, the machine and its
 * drivers, and each backend it is handed, which it starts and tests. It changes nothing, and its findings say what to do.
 *
 * ```ts
 * console.log(describeDiagnosis(await doctor({ drivers: [wasm()] })))
 * ```
 *
 * The result is plain data. Of places it names what lies in the project, and nothing above.
 */
export async function doctor(options: DoctorOptions = {}): Promise<Diagnosis> {
  const { diagnose } = await import('./node/diagnose.ts')
  return diagnose(options)
}
