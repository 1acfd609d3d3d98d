import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Random, random } from '@cnnkit/images'
import { dispose, type TensorContainer } from '@tensorflow/tfjs-core'
import { decodeCheckpoint } from './checkpoint.ts'

/** What a series of kills came to. */
export interface Kills {
  /** Runs that were killed while they worked. */
  readonly kills: number
  /** Runs that came to their end, after none or more kills. */
  readonly ends: number
  /** Kills that left features half computed, and such as left a checkpoint. */
  readonly inFeatures: number
  readonly inTraining: number
  /** The distinct hashes of weights at the ends, by the number of threads; the unbroken run's among them. */
  readonly weights: Readonly<Record<string, readonly string[]>>
}

const program = fileURLToPath(new URL('./killed-run.fixture.ts', import.meta.url))
const home = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Kills runs at random moments until there have been so many kills; each is then taken up until it ends. After each kill it looks at
 * what lies in the folder.
 */
export async function killRuns(wanted: number, seed: number, atOnce: number): Promise<Kills> {
  const found = { kills: 0, ends: 0, inFeatures: 0, inTraining: 0 }
  const weights: Record<string, Set<string>> = { 1: new Set(), 2: new Set() }
  const lengths: Record<string, number> = {}
  for (const threads of [1, 2]) {
    const whole = await inFolder((folder) => attempt(folder, threads))
    weights[threads]!.add(whole.printed)
    lengths[threads] = whole.milliseconds
  }
  const chain = async (number: number): Promise<void> => {
    const draw = random(seed, number)
    const threads = 1 + (number % 2)
    await inFolder(async (folder) => {
      for (;;) {
        const { printed, killed } = await attempt(folder, threads, momentOf(draw, lengths[threads]!))
        if (!killed) {
          weights[threads]!.add(printed)
          found.ends++
          return
        }
        found.kills++
        const left = await look(folder)
        if (left === 'features') found.inFeatures++
        if (left === 'checkpoint') found.inTraining++
      }
    })
  }
  let next = 0
  const worker = async (): Promise<void> => {
    while (found.kills < wanted) await chain(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { ...found, weights: Object.fromEntries(Object.entries(weights).map(([key, set]) => [key, [...set]])) }
}

const momentOf = (draw: Random, length: number): number => draw.uniform(0, length)

/** One process, killed so many milliseconds after it began to work. */
async function attempt(
  folder: string,
  threads: number,
  moment = Number.POSITIVE_INFINITY,
): Promise<{ printed: string; killed: boolean; milliseconds: number }> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@cnnkit/source', program, folder, `${threads}`],
    { cwd: home, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, NODE_OPTIONS: '' } },
  )
  let [printed, said, started] = ['', '', 0]
  child.stdout!.on('data', (text) => (printed += text))
  child.stderr!.on('data', (text) => (said += text))
  let timer: NodeJS.Timeout | undefined
  child.once('message', () => {
    started = performance.now()
    if (Number.isFinite(moment)) timer = setTimeout(() => child.kill('SIGKILL'), moment)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(timer)
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`A run in ${folder} ended with ${code}: ${said}`)
  return { printed, killed: signal === 'SIGKILL', milliseconds: performance.now() - started }
}

/** What a killed run left: nothing that cannot be read, and nothing but what belongs there. */
async function look(folder: string): Promise<'nothing' | 'features' | 'checkpoint'> {
  const names = await readdir(folder)
  const strange = names.filter((name) => !['checkpoint', 'checkpoint.unfinished', 'features'].includes(name))
  const features = names.includes('features') ? await readdir(join(folder, 'features')) : []
  strange.push(...features.filter((name) => !/^[\da-f]{16}\.(?:f32|json|json\.unfinished)$/.test(name)))
  if (strange.length > 0) throw new Error(`A killed run left ${strange.join(', ')}`)
  for (const name of features.filter((name) => name.endsWith('.json'))) {
    JSON.parse(await readFile(join(folder, 'features', name), 'utf8'))
  }
  if (!names.includes('checkpoint')) return features.length > 0 ? 'features' : 'nothing'
  const { tensors } = decodeCheckpoint(await readFile(join(folder, 'checkpoint')), folder)
  dispose(tensors as unknown as TensorContainer)
  return 'checkpoint'
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnkit-kill-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
