import { createRequire } from 'node:module'
import type { Platform } from './platform.ts'

/** The package `webgpu`: Dawn, Chromium's WebGPU. */
interface Dawn {
  create(options: string[]): GPU
  readonly globals: Readonly<Record<string, unknown>>
}

/** What TensorFlow.js' backend takes from the globals as it runs. */
const used = ['GPUBuffer', 'GPUTexture', 'GPUBufferUsage', 'GPUMapMode', 'GPUTextureUsage'] as const

const remedies: Readonly<Record<string, string>> = {
  linux:
    'In Node on Linux WebGPU takes Vulkan: the loader (Debian: libvulkan1) and the driver of the GPU (its own, or mesa-vulkan-drivers); in a container the device too, /dev/dri or --gpus.',
  darwin: 'In Node on macOS WebGPU takes Metal, which every Mac since 2012 has.',
  win32: 'In Node on Windows WebGPU takes Direct3D 12: install the driver of the GPU.',
}

/** Node, with Dawn of the package `webgpu`. */
export const node: Platform = {
  gpu: async () => {
    try {
      return await dawn()
    } catch (error) {
      return (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND'
        ? 'WebGPU in Node takes the package webgpu: npm install webgpu@0.6'
        : `The package webgpu does not load: ${error instanceof Error ? error.message : String(error)}`
    }
  },
  remedy: remedies[process.platform] ?? `The package webgpu has no build for ${process.platform}.`,
  runtime: () => `Dawn (webgpu ${version()}), Node ${process.versions.node}`,
  syncReads: false,
  hold,
  withNavigator,
}

/** One for the process: Dawn lives as long as there is a reference to it. */
let instance: GPU | undefined
let names: Dawn['globals'] = {}

async function dawn(): Promise<GPU> {
  if (instance !== undefined) return instance
  const { create, globals } = (await import('webgpu')) as unknown as Dawn
  names = globals
  instance = create([])
  return instance
}

const held = new Set<GPUDevice>()

/** A process that ends while the GPU works crashes now and then: Dawn's threads outlive what they use. A device that is destroyed first waits for them. */
function hold(device: GPUDevice): void {
  if (held.size === 0) process.once('exit', destroyHeld)
  held.add(device)
  void device.lost.then(() => {
    held.delete(device)
    if (held.size === 0) process.off('exit', destroyHeld)
  })
}

function destroyHeld(): void {
  for (const device of held) device.destroy()
}

/** The navigator is not left in place: a `navigator` is what programs tell a browser by, and one with Dawn keeps the process alive. */
function withNavigator<T>(gpu: GPU, make: () => T): T {
  for (const name of used) {
    if (!(name in globalThis)) {
      Object.defineProperty(globalThis, name, { value: names[name], configurable: true, writable: true })
    }
  }
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  try {
    return make()
  } finally {
    delete (globalThis as { navigator?: unknown }).navigator
    if (before !== undefined) Object.defineProperty(globalThis, 'navigator', before)
  }
}

function version(): string {
  const { version } = createRequire(import.meta.url)('webgpu/package.json') as { version: string }
  return version
}
