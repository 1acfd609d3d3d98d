import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a measurement was made on. */
export interface Machine {
  readonly cpu: string
  /** Logical cores that the process may use. */
  readonly cores: number
  readonly memoryGiB: number
  /** Of the operating system. */
  readonly system: string
  readonly node: string
  readonly v8: string
  /** Packages under comparison, by name. */
  readonly versions: Readonly<Record<string, string>>
  /** The commit that was measured, `+` when files of it were changed; absent outside a repository. */
  readonly commit?: string
}

/** This machine, and the versions of what is compared on it. */
export function thisMachine(): Machine {
  const commit = commitOf(fileURLToPath(new URL('.', import.meta.url)))
  return {
    cpu: os.cpus()[0]?.model.trim() ?? os.arch(),
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    v8: process.versions.v8,
    versions: {
      ...Object.fromEntries(
        ['core', 'layers', 'backend-cpu', 'backend-wasm'].map((part) => [
          `tfjs-${part}`,
          versionOf(`@tensorflow/tfjs-${part}/package.json`),
        ]),
      ),
      'onnxruntime-web': versionOf('onnxruntime-web', '../package.json'), // which it does not export
    },
    ...(commit === undefined ? {} : { commit }),
  }
}

/** A name for a machine's folder of results: `intel-xeon-processor-2-cores-node-20`. */
export function nameOf({ cpu, cores, node }: Machine): string {
  const words = cpu.replaceAll(/\((R|TM)\)/gi, '').replaceAll(/[^A-Za-z0-9]+/g, '-')
  return `${words.toLowerCase().replace(/^-|-$/g, '')}-${cores}-cores-node-${node.slice(1).split('.')[0]}`
}

/** @param beside where its manifest is, seen from the module */
function versionOf(module: string, beside = 'package.json'): string {
  const manifest = join(dirname(createRequire(import.meta.url).resolve(module)), beside)
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

function commitOf(folder: string): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const changed = git('status', '--porcelain', '--', ':/packages', ':/bench/src')
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`
  } catch {
    return undefined
  }
}

/** Milliseconds that all cores together worked and idled since the machine started. */
export interface CpuTimes {
  readonly busy: number
  readonly idle: number
}

/** What the cores have done so far. */
export function cpuTimes(): CpuTimes {
  const all = os.cpus().map(({ times }) => times)
  const idle = all.reduce((sum, times) => sum + times.idle, 0)
  const total = all.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle)
  return { busy: total - idle, idle }
}
