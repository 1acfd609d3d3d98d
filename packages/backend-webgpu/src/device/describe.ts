import type { BackendReport } from '@cnnkit/kernels'
import { version_core } from '@tensorflow/tfjs-core'
import { isSoftware, nameOf } from './adapter.ts'

/**
 * What runs where, as the adapter tells it. WebGPU does not tell how much memory a GPU has; what one tensor may take is its
 * `largest tensor`.
 *
 * @param runtime what brings WebGPU: the browser, or Dawn with its version
 */
export function describe(adapter: GPUAdapter, runtime: string): BackendReport {
  const { info, limits, features } = adapter
  const { vendor, architecture, device, description } = info
  const told = { vendor, architecture, adapter: device, description }
  return {
    backend: 'webgpu',
    device: nameOf(adapter),
    details: {
      ...Object.fromEntries(Object.entries(told).filter(([, text]) => text !== '')),
      ...driverIn(description),
      software: isSoftware(adapter) ? 'yes' : 'no',
      'largest tensor': `${mebibytes(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize))} MiB`,
      memory: 'not told by WebGPU',
      'threads in a workgroup': String(limits.maxComputeInvocationsPerWorkgroup),
      'memory of a workgroup': `${limits.maxComputeWorkgroupStorageSize / 1024} KiB`,
      'half floats': features.has('shader-f16') ? 'yes' : 'no',
      runtime,
      tfjs: version_core,
    },
  }
}

/** The version of the driver where the description has it, as Dawn's does on Vulkan and Direct3D: `NVIDIA ... driver 535.1`. */
function driverIn(description: string): { driver?: string } {
  const version =
    /\bdriver\b[^\d]*(\d+(?:\.\d+)+)/i.exec(description)?.[1] ?? /\b\d+\.\d+\.\d+(?:\.\d+)*\b/.exec(description)?.[0]
  return version === undefined ? {} : { driver: version }
}

function mebibytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20)
}
