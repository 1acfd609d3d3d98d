import { type WasmOptions, wasm } from '@cnnkit/backend-wasm'
import type { Setting } from '../row.ts'

/** Our wasm backend. Gives the threads it runs on. */
export async function cnnkitWasm(setting: Setting & Pick<WasmOptions, 'wasmPaths'>): Promise<number> {
  const report = await wasm(setting).start()
  return report.threads ?? 1
}
