import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { explicitlyPadded, withExplicitPadding } from './max-pool.ts'

const backendName = 'tensorflow'
const replaced = new Map<string, KernelConfig>()

/** Mends the kernels of tfjs-node that lack something networks of the zoo need. Doing so again changes nothing. */
export function mendKernels(): void {
  for (const name of Object.keys(explicitlyPadded)) {
    const stock = getKernel(name, backendName)
    if (stock === undefined || replaced.has(name)) continue
    replaced.set(name, stock)
    unregisterKernel(name, backendName)
    registerKernel(withExplicitPadding(stock))
  }
}

/** Puts tfjs-node's own kernels back. */
export function unmendKernels(): void {
  for (const [name, stock] of replaced) {
    unregisterKernel(name, backendName)
    registerKernel(stock)
  }
  replaced.clear()
}
