import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Located } from '../locate.ts'

/** An NVIDIA card as its driver tells of it. */
export interface Card {
  /** `NVIDIA H100 80GB HBM3`. */
  readonly name: string
  /** Version of the driver: `535.129.03`. */
  readonly driver: string
  readonly memoryBytes: number
}

/** Why there can be no CUDA device on this machine, as far as a glance tells. */
export function noDevice(): string | undefined {
  if (process.platform !== 'linux') return undefined
  if (existsSync('/dev/nvidiactl') || existsSync('/dev/dxg')) return undefined
  return 'no NVIDIA card is visible (/dev/nvidiactl is missing). In a container, start it with the cards (docker run --gpus all); else install the NVIDIA driver.'
}

/** Why TensorFlow found no CUDA device, in words that say what to do. */
export async function whyNoCuda({ name, folder }: Located): Promise<string> {
  const none = noDevice()
  if (none !== undefined) return none
  if (process.env.CUDA_VISIBLE_DEVICES === '' || process.env.CUDA_VISIBLE_DEVICES === '-1')
    return 'CUDA_VISIBLE_DEVICES hides every card.'
  const libraries = path.join(folder, 'deps/nvidia')
  if (!existsSync(libraries) && name === '@tensorflow/tfjs-node')
    return 'the CPU form is installed. Run: npx @cnnkit/backend-node-gpu install'
  if ((await cards()).length === 0) return 'nvidia-smi finds no card. Is the NVIDIA driver installed and loaded?'
  const found = existsSync(libraries) ? readdirSync(libraries).join(', ') : 'none beside it'
  return `a card and its driver are there (CUDA libraries: ${found}). TF_CPP_MIN_LOG_LEVEL=0 makes TensorFlow say what it lacks.`
}

/** The cards that this process may use, in their order; none where the driver does not answer. */
export async function cards(): Promise<Card[]> {
  const visible = process.env.CUDA_VISIBLE_DEVICES
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits']
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [...query, ...(visible ? ['-i', visible] : [])], {
      timeout: 10_000,
    })
    return stdout.trim().split('\n').map(card)
  } catch {
    return []
  }
}

function card(line: string): Card {
  const [name = '', driver = '', mebibytes = ''] = line.split(', ')
  return { name, driver, memoryBytes: Number(mebibytes) * 2 ** 20 }
}
