import { wasm } from '@cnnkit/backend-wasm'
import type { Setting } from '../row.ts'

/** Our wasm backend. Gives the threads it runs on. */
export async function cnnkitWasm({ threads }: Setting): Promise<number> {
  const report = await wasm({ threads }).start()
  return report.threads ?? 1
}
