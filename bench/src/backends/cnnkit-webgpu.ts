import { webgpu } from '@cnnkit/backend-webgpu'
import { vulkanOrSwiftShader } from './vulkan.ts'

/** Our WebGPU backend, on a software adapter too: the results say which. */
export async function cnnkitWebgpu(): Promise<void> {
  vulkanOrSwiftShader()
  const { device, details } = await webgpu({ software: 'allow' }).start()
  process.stderr.write(`WebGPU: ${device}, software: ${details.software}\n`)
}
