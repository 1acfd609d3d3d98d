import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Subject, Usage } from '../row.ts'

/** What `reference/bench/train_step.py` answers, a line of JSON to each word. */
interface Answer extends Usage {
  readonly parameters: number
}

/** What is trained, and where. */
export interface KerasOptions {
  /** A Python with TensorFlow and Keras. */
  readonly python: string
  /** As the script knows it. */
  readonly network: string
  readonly batch: number
  readonly threads: number
}

/** A step of Keras' `train_on_batch` in a process of its own. */
export async function kerasTrainStep({ python, network, batch, threads }: KerasOptions): Promise<Subject> {
  const child = spawn(python, [script(), network, String(batch), String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  process.on('exit', () => child.kill())
  const lines = createInterface(child.stdout)
  const ask = async (word: string): Promise<Answer> => {
    const answer = once(lines, 'line')
    child.stdin.write(`${word}\n`)
    return JSON.parse((await answer)[0] as string) as Answer
  }
  await ask('ready')
  return {
    threads,
    run: async () => {
      await ask('run')
    },
    elsewhere: () => ask('usage'),
    output: async () => [],
  }
}

/** Beside the bench, built or as source. */
function script(): string {
  const built = import.meta.url.includes('/dist/')
  return fileURLToPath(new URL(`${built ? '../..' : '../../..'}/reference/bench/train_step.py`, import.meta.url))
}
