import { existsSync, readdirSync } from 'node:fs'

const swiftshader = '/usr/lib/chromium/vk_swiftshader_icd.json'
const installed = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']

/** On Linux without a driver of a GPU, Vulkan is told of Chromium's SwiftShader, which computes on the CPU. Before WebGPU starts. */
export function vulkanOrSwiftShader(): void {
  const drivers = installed.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
  if (process.env.VK_ICD_FILENAMES !== undefined || drivers.length > 0 || !existsSync(swiftshader)) return
  process.env.VK_ICD_FILENAMES = swiftshader
}
