import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { OpenWeightsOptions } from '../options.ts'
import type { WeightsSource } from '../source.ts'
import { temporaryFolder } from './model.ts'

/**
 * A program of its own that opens weights, reads every tensor, and prints the sum of all values, the phases it was told, and the most
 * memory that it had.
 */
export async function opener(): Promise<(source: WeightsSource, options: OpenWeightsOptions) => Opening> {
  const outfile = join(await temporaryFolder(), 'open.mjs')
  await build({
    stdin: {
      contents: `
        import { openWeights } from './index.node.ts'
        const [source, options] = JSON.parse(process.argv[2])
        const phases = new Set()
        let peakBytes = 0
        const sample = () => { peakBytes = Math.max(peakBytes, process.memoryUsage.rss()) }
        setInterval(sample, 5).unref()
        const file = await openWeights(source, { ...options, onProgress: ({ phase }) => phases.add(phase) })
        let sum = 0
        for (const tensor of file.tensors) {
          for (const value of await tensor.read()) sum += value
          sample()
        }
        console.log(JSON.stringify({ sum, phases: [...phases], peakBytes }))`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@cnnkit/source'],
    external: ['tar-stream', '@pnpm/npm-conf', 'registry-auth-token'],
  })
  return (source, options) => {
    const child = spawn(process.execPath, [outfile, JSON.stringify([source, options])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    const result = new Promise<Outcome>((resolve, reject) => {
      child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`exit ${code}`))))
    })
    result.catch(() => undefined)
    return { child, result }
  }
}

/** What it prints. */
interface Outcome {
  sum: number
  phases: string[]
  peakBytes: number
}

/** A running program. */
export interface Opening {
  child: ChildProcess
  result: Promise<Outcome>
}
