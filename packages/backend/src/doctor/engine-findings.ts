import { engine, scalar, Tensor, version_core } from '@tensorflow/tfjs-core'
import type { Finding } from './diagnosis.ts'

/**
 * Two copies of tfjs-core in the running program, as the one that this package sees tells: they share one engine, that of the copy which
 * loaded first, and tensors are of that copy's class.
 */
export function engineFindings(): Finding[] {
  if (!(engine() as unknown as { backendName?: string }).backendName) return []
  const one = scalar(1)
  const foreign = !(one instanceof Tensor)
  one.dispose()
  if (!foreign) return []
  return [
    {
      severity: 'warning',
      what: `Two copies of @tensorflow/tfjs-core run in this program: that which @cnnkit/backend sees (${version_core}) was loaded second, and tensors are the first one's.`,
      remedy:
        'Let the bundler take one copy (resolve.dedupe in Vite, resolve.alias in webpack), or see npm ls @tensorflow/tfjs-core.',
    },
  ]
}
