import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/** What of graphics a glance at the system shows. */
export interface Graphics {
  /** In words; none where none can be seen, as on macOS and Windows. */
  readonly cards: readonly string[]
  /** Whether an NVIDIA card is among them. */
  readonly nvidia: boolean
  /** Whether the loader of Vulkan is there; undefined where there is no need of it. */
  readonly vulkan?: { readonly loader: boolean; readonly drivers: readonly string[] }
  /** Facts for people. */
  readonly details: Readonly<Record<string, string>>
}

const vendors: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' }

/** Looks at the system, changes and loads nothing. */
export async function graphicsOf(): Promise<Graphics> {
  if (process.platform !== 'linux') return { cards: [], nvidia: false, details: {} }
  const nvidia = await nvidiaCards()
  const cards = [...nvidia, ...otherCards(nvidia.length > 0)]
  const vulkan = { loader: await hasLibrary('libvulkan.so.1'), drivers: vulkanDrivers() }
  const drivers = vulkan.drivers.length > 0 ? vulkan.drivers.join(', ') : 'no driver'
  return {
    cards,
    nvidia: nvidia.length > 0,
    vulkan,
    details: {
      Vulkan: `${vulkan.loader ? 'loader found' : 'no loader (libvulkan.so.1)'}, ${drivers}`,
      ...(nvidia.length > 0 && { CUDA: (await hasLibrary('libcuda.so.1')) ? 'driver found' : 'no libcuda.so.1' }),
    },
  }
}

async function nvidiaCards(): Promise<string[]> {
  if (!existsSync('/dev/nvidiactl') && !existsSync('/dev/dxg')) return []
  const said = await output('nvidia-smi', ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'])
  const lines = said.split('\n').filter((line) => line.includes(','))
  return lines.length > 0
    ? lines.map((line) => line.replace(/, ([^,]*), /, ', driver $1, '))
    : ['NVIDIA (nvidia-smi does not answer)']
}

/** By the kernel's list of cards; a server's display chip is not one that draws. */
function otherCards(hasNvidia: boolean): string[] {
  const nodes = list('/dev/dri').filter((name) => name.startsWith('renderD'))
  return nodes.flatMap((node) => {
    const vendor = text(`/sys/class/drm/${node}/device/vendor`)
    if (vendor === '0x10de' && hasNvidia) return []
    return [`${vendors[vendor] ?? 'unknown vendor'} (/dev/dri/${node})`]
  })
}

/** The names of Vulkan's drivers, as their files are called. */
function vulkanDrivers(): string[] {
  const given = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
  const files = given ? given.split(path.delimiter).filter((file) => existsSync(file)) : folders.flatMap(list)
  return [...new Set(files.map((file) => path.basename(file, '.json').replace(/_icd.*$/, '')))]
}

async function hasLibrary(name: string): Promise<boolean> {
  const given = (process.env.LD_LIBRARY_PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
  if (given.some((folder) => existsSync(path.join(folder, name)))) return true
  const known = (await output('/sbin/ldconfig', ['-p'])) || (await output('ldconfig', ['-p']))
  return known.includes(`${name} `)
}

async function output(command: string, args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { timeout: 10_000 })).stdout
  } catch {
    return ''
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
