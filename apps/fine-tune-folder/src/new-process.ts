import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Prediction } from '@cnnkit/zoo'

/** Classifies a photograph in a process of its own, which knows nothing but the saved model. */
export async function classifyInNewProcess(
  model: string,
  photo: string,
  threads: number | undefined,
): Promise<readonly Prediction[]> {
  const program = fileURLToPath(new URL('./classify-saved.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    model,
    photo,
    ...(threads ? [`${threads}`] : []),
  ])
  return JSON.parse(stdout) as readonly Prediction[]
}
