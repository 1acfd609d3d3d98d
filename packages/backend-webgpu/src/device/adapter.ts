import { CnnkitError } from '@cnnkit/errors'
import type { WebgpuOptions } from '../options.ts'

/** Adapters that compute on the CPU, by what they call themselves. */
const software = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i

/** Whether an adapter runs on the CPU. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const { info } = adapter
  const fallback = info.isFallbackAdapter || (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter === true
  return fallback || software.test([info.architecture, info.description, info.device, info.vendor].join(' '))
}

/** An adapter in words: what it says of itself, or its vendor and architecture. */
export function nameOf({ info }: GPUAdapter): string {
  const kind = [info.vendor, info.architecture].filter((part) => part !== '').join(' ')
  if (info.description !== '') return info.description
  return kind === '' ? 'a GPU that the browser does not name' : kind
}

/**
 * The adapter that the options ask for, or why there is none, in a sentence that says what to do.
 *
 * @param gpu `navigator.gpu`, or Dawn's
 * @param remedy what to do where there is no adapter at all
 */
export async function adapterOf(gpu: GPU, options: WebgpuOptions, remedy: string): Promise<GPUAdapter | string> {
  const { powerPreference = 'high-performance', software: onSoftware = 'refuse' } = options
  const adapter = await gpu.requestAdapter({ powerPreference })
  if (adapter === null) return `No GPU that WebGPU can use. ${remedy}`
  if (onSoftware === 'allow' || !isSoftware(adapter)) return adapter
  return `The only adapter, ${nameOf(adapter)}, computes on the CPU, where wasm() is many times faster. ${remedy} To run on it all the same, say webgpu({ software: 'allow' }).`
}

/** A device with all the memory that the adapter gives to one buffer, and its clock for `time` and `profile`. */
export async function deviceOf(adapter: GPUAdapter): Promise<GPUDevice> {
  const { limits, features } = adapter
  const wanted = ['timestamp-query', 'bgra8unorm-storage'] as const
  try {
    return await adapter.requestDevice({
      requiredFeatures: wanted.filter((feature) => features.has(feature)),
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      },
    })
  } catch (error) {
    throw new CnnkitError(
      'backend-webgpu',
      'NO_DEVICE',
      `${nameOf(adapter)} gives no device: ${error instanceof Error ? error.message : String(error)} Other programs may hold it, or its driver is old.`,
      { cause: error },
    )
  }
}
