import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelName } from '@cnnkit/zoo'

/** What `reference/onnx/export.py` says of a file that it wrote, in a `.json` beside it. */
export interface OnnxFile {
  /** The libraries that it comes from, with their versions. */
  readonly source: string
  /** Of a picture: `[channels, height, width]`. */
  readonly input: readonly number[]
  /** How many classes. */
  readonly scores: number
  /** Of the graph's convolutions and dense layers, for one picture. */
  readonly multiplyAccumulates: number
}

/** The ONNX file of a network: in `bench/.cache/onnx`, or in the folder that `CNNKIT_BENCH_ONNX` names. */
export const onnxPath = (network: string): string => join(folder(), `${network}.onnx`)

/** Where a network's file is not there: what to do; else nothing. */
export function missingOnnx(network: string): string | undefined {
  if ([onnxPath(network), describedBy(network)].every((path) => existsSync(path))) return undefined
  const library = network.startsWith('nasnet') ? 'keras' : 'torch'
  return `There is no ${onnxPath(network)}. \`python reference/onnx/export.py ${library} --only ${network}\` writes it.`
}

/**
 * Whether the file of a network computes as much as ours, on the same pictures.
 *
 * @throws where it does not
 */
export async function checkOnnx(network: ModelName, flavor: string): Promise<void> {
  const file = JSON.parse(await readFile(describedBy(network), 'utf8')) as OnnxFile
  const { modelInfo } = await import('@cnnkit/zoo')
  const { inputSize, multiplyAccumulates } = await modelInfo(network, { flavor })
  const theirs = `${file.input.join(' x ')} to ${file.scores}, ${file.multiplyAccumulates} multiply-accumulates`
  const ours = `3 x ${inputSize} x ${inputSize} to 1000, ${multiplyAccumulates} multiply-accumulates`
  if (theirs !== ours)
    throw new Error(`${onnxPath(network)} (${file.source}) is ${theirs}; our ${flavor} form is ${ours}.`)
}

const describedBy = (network: string): string => join(folder(), `${network}.json`)

function folder(): string {
  const built = import.meta.url.endsWith('.js')
  return (
    process.env.CNNKIT_BENCH_ONNX || fileURLToPath(new URL(`${built ? '..' : '../..'}/.cache/onnx`, import.meta.url))
  )
}
