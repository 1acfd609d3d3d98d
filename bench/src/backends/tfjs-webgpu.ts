import { ready, setBackend } from '@tensorflow/tfjs-core'
import { create, globals } from 'webgpu'
import { vulkanOrSwiftShader } from './vulkan.ts'

/** `@tensorflow/tfjs-backend-webgpu` as it comes, in Node on Dawn by the recipe of its README. */
export async function tfjsWebgpu(): Promise<void> {
  vulkanOrSwiftShader()
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]) }, configurable: true })
  await import('@tensorflow/tfjs-backend-webgpu')
  await setBackend('webgpu')
  await ready()
}
