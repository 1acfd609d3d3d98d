import { accessSync, constants, readFileSync } from 'node:fs'
import path from 'node:path'
import { failure } from '../error.ts'

/** What decides whether TensorFlow's library can be installed on a machine. */
export interface Machine {
  readonly platform: string
  readonly arch: string
  /** `2.36`; nothing where the C library is another. */
  readonly glibc: string | undefined
  /** What `/proc/cpuinfo` says. */
  readonly cpu: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  const { platform, arch, env } = process
  return { platform, arch, glibc: report?.header?.glibcVersionRuntime, cpu: platform === 'linux' ? cpuinfo() : '', env }
}

/**
 * @param glibc the oldest that the library runs on
 * @throws `UNSUPPORTED_PLATFORM` with the reason
 */
export function assertPlatform(machine: Machine, glibc: string): void {
  const { platform, arch } = machine
  if (platform !== 'linux' || arch !== 'x64') {
    throw unsupported(
      `This is ${platform} on ${arch}. It is proven on Linux on x64 alone, where TensorFlow's wheels hold the library.`,
    )
  }
  if (machine.glibc === undefined) {
    throw unsupported(
      `This Linux has no glibc (Alpine has musl), and TensorFlow's library needs it. Take an image that has: node:22-bookworm.`,
    )
  }
  if (older(machine.glibc, glibc)) {
    throw unsupported(
      `This Linux has glibc ${machine.glibc}, and the library needs ${glibc}. Try --tensorflow 2.15.1, which runs on 2.17.`,
    )
  }
  if (machine.cpu !== '' && !/\bavx\b/.test(machine.cpu)) {
    throw unsupported(`This processor has no AVX, for which TensorFlow's library is compiled.`)
  }
}

/** @throws `MISSING_TOOLS` that names what the binding's compilation lacks, and how to get it */
export function assertTools(env: Machine['env']): void {
  const python = [env.npm_config_python, env.NODE_GYP_FORCE_PYTHON, env.PYTHON, 'python3', 'python']
  const tools: readonly [string, readonly (string | undefined)[]][] = [
    ['g++', [env.CXX, 'g++', 'c++']],
    ['make', [env.MAKE, 'make']],
    ['python3', python],
  ]
  const missing = tools
    .filter(([, names]) => !names.some((name) => name && isOnPath(name, env.PATH ?? '')))
    .map(([name]) => name)
  if (missing.length === 0) return
  throw failure(
    'MISSING_TOOLS',
    `The binding is compiled here (in seconds, by node-gyp), and for that ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing. Debian and Ubuntu: apt-get install g++ make python3. Fedora: dnf install gcc-c++ make python3.`,
  )
}

function isOnPath(command: string, folders: string): boolean {
  // A compiler may be given with arguments: `ccache g++`.
  const [name = command] = command.trim().split(/\s+/)
  const candidates = name.includes('/')
    ? [name]
    : folders.split(path.delimiter).map((folder) => path.join(folder, name))
  return candidates.some((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function cpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}

function older(a: string, b: string): boolean {
  const [x = 0, y = 0] = a.split('.').map(Number)
  const [u = 0, v = 0] = b.split('.').map(Number)
  return x < u || (x === u && y < v)
}

function unsupported(why: string) {
  return failure('UNSUPPORTED_PLATFORM', `${why} The backend wasm of @cnnkit/backend-wasm runs everywhere.`)
}
