import type { BackendDriver } from '@cnnkit/kernels'
import { failure } from './error.ts'
import type { NodeGpuOptions } from './options.ts'

const why = "TensorFlow's library runs in Node alone. In a browser take webgpu(), webgl() or wasm()."

/** The same name in a browser, where it always steps aside: so that one list of drivers serves pages and programs. */
export function nodeGpu(_options: NodeGpuOptions = {}): BackendDriver {
  return {
    name: 'tensorflow',
    probe: async () => why,
    start: async () => {
      throw failure('NOT_IN_BROWSERS', why)
    },
  }
}
