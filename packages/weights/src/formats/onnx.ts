// ONNX models: weights are the graph's initialisers, and the tensors of its `Constant` nodes.
import { isCnnkitError } from '@cnnkit/errors'
import { badFile, reasonOf, weightsError } from '../error.ts'
import type { ByteFile, Folder, Location } from '../files/byte-file.ts'
import { safePath } from '../files/safe-path.ts'
import { type NamedTensor, type WeightFile, weightFile } from '../weight-file.ts'
import { toFloat32 } from './decode.ts'
import { type OnnxNode, readModel } from './onnx-graph.ts'
import { decodeVarints, type OnnxTensor } from './onnx-tensor.ts'
import { messagesOf } from './protobuf.ts'

/** Where a tensor goes into an ONNX graph: in `metadata.uses` by the tensor's name. */
export interface OnnxUse {
  /** `Conv`, `Gemm`, `BatchNormalization`, ... */
  readonly op: string
  /** Of the node; often empty. */
  readonly node: string
  /** Which of the node's inputs it is: for `Conv` 1 is the kernel, 2 the bias. */
  readonly input: number
  /** The node's first output: where nodes have no names, this tells them apart. */
  readonly output: string
  /** Which node of `metadata.nodes` it is: they are in the order in which they can be computed. */
  readonly at: number
}

/** Opens an ONNX file: the graph's structure is read, values where they lie when they are asked for. */
export async function openOnnx(location: Location, source: string): Promise<WeightFile> {
  const file = await location.folder.open(location.path)
  const { about, nodes, tensors } = await readModel(messagesOf(file, source))
  const beside = await openBeside(tensors, location.folder, source)
  return weightFile({
    format: 'onnx',
    source,
    tensors: tensors.map((tensor): NamedTensor => {
      const { name, shape, dtype, data } = tensor
      return {
        name,
        shape,
        dtype,
        byteLength: data.length,
        async read() {
          const bytes = new Uint8Array(data.length)
          const from = data.kind === 'external' ? (beside.get(data.location) as ByteFile) : file
          await from.readInto(bytes, data.position)
          return data.kind === 'varints' ? decodeVarints(bytes, tensor, source) : toFloat32(bytes, dtype)
        },
      }
    }),
    metadata: { ...about, nodes, uses: usesOf(tensors, nodes) },
  })
}

/** Exporters give one tensor several names by `Identity` nodes: what uses those uses the tensor. */
function usesOf(tensors: readonly OnnxTensor[], nodes: readonly OnnxNode[]): Record<string, OnnxUse[]> {
  const uses = new Map<string, OnnxUse[]>(tensors.map(({ name }) => [name, []]))
  const known = new Map(uses)
  for (const [at, { op, name, inputs, outputs }] of nodes.entries()) {
    const same = op === 'Identity' ? known.get(inputs[0] ?? '') : undefined
    if (same !== undefined && outputs[0] !== undefined) {
      known.set(outputs[0], same)
      continue
    }
    for (const [input, tensor] of inputs.entries()) {
      known.get(tensor)?.push({ op, node: name, input, output: outputs[0] ?? '', at })
    }
  }
  return Object.fromEntries(uses)
}

/** The files beside the model in which it keeps values, by name. They are there, and long enough. */
async function openBeside(
  tensors: readonly OnnxTensor[],
  folder: Folder,
  source: string,
): Promise<ReadonlyMap<string, ByteFile>> {
  const parts = tensors.flatMap(({ name, data }) => (data.kind === 'external' ? [{ name, ...data }] : []))
  const paths = [...new Set(parts.map(({ location }) => safePath(location, source)))]
  if (paths.length === 0) return new Map()
  const missing = (what: string) => (error: unknown) => {
    if (!isCnnkitError(error, 'NOT_FOUND')) throw error
    throw weightsError(
      'SHARD_MISSING',
      `${source} needs ${what}, but: ${reasonOf(error)} Copy or fetch all files of the model.`,
      error,
    )
  }
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  await folder.prepare?.(paths, total).catch(missing('a file beside it'))
  const files = new Map<string, ByteFile>()
  for (const path of paths) files.set(path, (await folder.open(path).catch(missing(`the file "${path}"`))) as ByteFile)
  checkPlaces(parts, files, source)
  return files
}

type Part = { readonly name: string; readonly location: string; readonly position: number; readonly length: number }

/** Two tensors may be the same bytes, but may not overlap otherwise. */
function checkPlaces(parts: readonly Part[], files: ReadonlyMap<string, ByteFile>, source: string): void {
  const sorted = [...parts].sort((a, b) =>
    a.location === b.location ? a.position - b.position || a.length - b.length : a.location < b.location ? -1 : 1,
  )
  for (const [index, { name, location, position, length }] of sorted.entries()) {
    const size = files.get(location)?.size ?? 0
    if (position + length > size) {
      throw weightsError(
        'SHARD_SIZE',
        `${location} has ${size} bytes, expected at least ${position + length} ("${name}" of ${source}). Copy or fetch it again.`,
      )
    }
    const next = sorted[index + 1]
    const isSame = next?.position === position && next.length === length
    if (next?.location === location && next.position < position + length && !isSame) {
      throw badFile(source, `has "${next.name}" in the bytes of "${name}"`)
    }
  }
}
