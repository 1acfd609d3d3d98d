import type { Finding } from '../diagnosis.ts'
import { installCommand } from './commands.ts'
import type { Graphics } from './graphics.ts'
import type { Project } from './project.ts'

/** What a machine with a graphics card lacks to compute on it. */
export function graphicsFindings({ cards, nvidia, vulkan }: Graphics, { packages, manager }: Project): Finding[] {
  const has = (name: string): boolean => packages.some((found) => found.name === name)
  if (cards.length === 0) return has('@cnnkit/backend-webgpu') || has('@cnnkit/backend-node-gpu') ? [noCard()] : []
  const found: Finding[] = []
  if (!has('@cnnkit/backend-webgpu')) {
    found.push({
      severity: 'note',
      what: 'There is a graphics card, and the package that computes on it through WebGPU is not installed.',
      remedy: installCommand(manager, '@cnnkit/backend-webgpu', 'webgpu'),
    })
  }
  if (vulkan !== undefined && (!vulkan.loader || vulkan.drivers.length === 0)) {
    found.push({
      severity: 'warning',
      what: `There is a graphics card, and Vulkan, through which WebGPU takes it, lacks ${vulkan.loader ? 'a driver' : 'its loader'}.`,
      remedy: nvidia
        ? 'apt-get install libvulkan1, and the NVIDIA driver with its Vulkan part (in a container NVIDIA_DRIVER_CAPABILITIES=all)'
        : 'apt-get install libvulkan1 mesa-vulkan-drivers',
    })
  }
  if (nvidia && !has('@cnnkit/backend-node-gpu')) {
    found.push({
      severity: 'note',
      what: 'There is an NVIDIA card, and the package that computes on it through CUDA is not installed.',
      remedy: `${installCommand(manager, '@cnnkit/backend-node-gpu')} && npx @cnnkit/backend-node-gpu install`,
    })
  }
  return found
}

function noCard(): Finding {
  if (process.platform !== 'linux')
    return { severity: 'note', what: 'Graphics cards are not looked for on this system.' }
  return {
    severity: 'note',
    what: 'No graphics card can be seen, so wasm() is the backend to take.',
    remedy:
      'If there is one: in a container, hand it in (docker run --gpus all, or --device /dev/dri); else install its driver.',
  }
}
