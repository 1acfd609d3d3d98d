// Bundled into the page that places/page.ts opens.
import { webgl } from '@cnnkit/backend/webgl'
import { wasm } from '@cnnkit/backend-wasm'
import { webgpu } from '@cnnkit/backend-webgpu'
import type { BackendDriver, BackendReport } from '@cnnkit/kernels'
import type { FormResult, Manner } from '../networks/compare-form.ts'
import type { Form } from '../networks/run-form.ts'
import { openHere } from '../places/here.ts'
import type { OpenPlace } from '../places/place.ts'
import type { KernelResult } from '../replay/replay.ts'

/** What the page offers to Playwright. */
export interface PageDoor {
  start(backend: 'wasm' | 'webgl' | 'webgpu'): Promise<BackendReport>
  replay(lines: readonly string[]): Promise<readonly KernelResult[]>
  network(form: Form, manner: Manner): Promise<FormResult>
}

const reference = (): BackendDriver => wasm({ threads: 1, wasmPaths: '/wasm/' })
const drivers: Record<'wasm' | 'webgl' | 'webgpu', () => BackendDriver> = {
  wasm: reference,
  webgl: () => webgl({ software: 'allow' }),
  webgpu: () => webgpu({ software: 'allow' }),
}

let open: OpenPlace | undefined

const conformance: PageDoor = {
  start: async (backend) => {
    open = await openHere(drivers[backend](), backend === 'wasm' ? undefined : reference())
    return open.report
  },
  replay: (lines) => open!.replay(lines),
  network: (form, manner) => open!.network(form, manner),
}

Object.assign(globalThis, { conformance })
