import { cpu } from '@cnnkit/backend/cpu'
import type { BackendDriver } from '@cnnkit/kernels'
import { compareForm } from '../networks/compare-form.ts'
import { replay } from '../replay/replay.ts'
import type { OpenPlace } from './place.ts'

/** A backend in this very process or page, beside `cpu`, and beside `wasm` where a driver of it is given. */
export async function openHere(driver: BackendDriver, reference?: BackendDriver): Promise<OpenPlace> {
  // Its driver mends what TensorFlow.js' own is known to have wrong.
  await cpu().start()
  await reference?.start()
  const report = await driver.start()
  const { backend } = report
  return {
    report,
    replay: (lines) => replay(lines, { backend }),
    network: (form, manner) => compareForm(form, { ...manner, backend }),
    close: async () => undefined,
  }
}
