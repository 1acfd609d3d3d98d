import { existsSync } from 'node:fs'

/** Where Debian's Chromium has its Vulkan driver for CPUs. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** Where there is no GPU, Vulkan finds SwiftShader, unless another driver was chosen or the machine has one. */
export function findSwiftshader(): void {
  const hasGpu = existsSync('/dev/nvidia0') || existsSync('/dev/dri')
  if (process.env.VK_ICD_FILENAMES === undefined && !hasGpu && existsSync(driver)) process.env.VK_ICD_FILENAMES = driver
}
