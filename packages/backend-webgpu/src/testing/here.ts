import { existsSync } from 'node:fs'
import { webgpu } from '../index.ts'

/** Where Debian's Chromium has its Vulkan driver for CPUs. */
const swiftshader = '/usr/lib/chromium/vk_swiftshader_icd.json'

if (process.env.VK_ICD_FILENAMES === undefined && existsSync(swiftshader)) process.env.VK_ICD_FILENAMES = swiftshader

/**
 * Why WebGPU cannot run here, for a test to skip by; undefined where it can. Vulkan finds SwiftShader unless another driver was
 * chosen, so that tests compute the same on every machine.
 */
export const noWebgpu: string | undefined = await webgpu({ software: 'allow' }).probe()

if (noWebgpu !== undefined) process.stderr.write(`Tests on WebGPU are skipped. ${noWebgpu}\n`)
