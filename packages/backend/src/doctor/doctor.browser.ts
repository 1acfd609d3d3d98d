import { version_core } from '@tensorflow/tfjs-core'
import { backendFindings, checkBackends } from './check-backends.ts'
import type { Diagnosis, DoctorOptions, Finding } from './diagnosis.ts'
import { engineFindings } from './engine-findings.ts'
import { sorted } from './sorted.ts'

/** As in Node (see doctor.node.ts), for a page or a worker. */
export async function doctor({ drivers = [], start = true }: DoctorOptions = {}): Promise<Diagnosis> {
  const { userAgent, hardwareConcurrency = 1, deviceMemory } = navigator as Navigator & { deviceMemory?: number }
  const backends = await checkBackends(drivers, start)
  return {
    runtime: userAgent,
    machine: {
      cores: hardwareConcurrency,
      usableCores: hardwareConcurrency,
      ...(deviceMemory !== undefined && { memoryBytes: deviceMemory * 2 ** 30 }),
      cards: [],
      details: {
        Isolated: globalThis.crossOriginIsolated ? 'yes: wasm may have threads' : 'no: wasm has one thread',
        Secure: globalThis.isSecureContext ? 'yes' : 'no: the browser gives no WebGPU',
        WebGPU: 'gpu' in navigator ? 'the browser has it' : 'the browser has none',
      },
    },
    packages: [{ name: '@tensorflow/tfjs-core', version: version_core, path: '' }],
    backends,
    findings: sorted([...backendFindings(backends), ...engineFindings(), ...pageFindings()]),
  }
}

function pageFindings(): Finding[] {
  const found: Finding[] = []
  if (!globalThis.crossOriginIsolated) {
    found.push({
      severity: 'warning',
      what: 'The page is not cross-origin isolated, so that wasm runs on one thread.',
      remedy:
        'Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp".',
    })
  }
  if (!globalThis.isSecureContext) {
    found.push({
      severity: 'warning',
      what: 'The page is no secure context, so that the browser gives it no WebGPU and no cache for weights.',
      remedy: 'Serve it over https, or from localhost.',
    })
  }
  return found
}
