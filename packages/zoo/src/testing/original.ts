import { readdirSync, readFileSync } from 'node:fs'
import { endpoint, fuse, outputOf } from '@cnnkit/layers'
import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import { type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'
import { assignWeights } from '../assign-weights.ts'
import { buildNetwork } from '../build-network.ts'
import type { Dialect } from '../dialect.ts'
import type { ModelOptions } from '../model-options.ts'
import { architectureOf, type ModelName } from '../models.ts'
import { type Entry, formulaWeights, picture } from './formula.ts'

/** A tensor in a few numbers, as reference/zoo/golden.py writes it. */
export interface Digest {
  /** Without the batch. */
  readonly shape: readonly number[]
  readonly rms: number
  /** At places all over the tensor. */
  readonly values: readonly number[]
}

/** What an original network gives on formula weights, and the names and shapes of its published file. */
export interface Original {
  /** Of the golden file. */
  readonly file: string
  /** Library, version and function. */
  readonly source: string
  readonly network: ModelName
  readonly flavor: string
  readonly dialect: string
  readonly slow: boolean
  readonly options: ModelOptions
  readonly input: readonly [number, number, number]
  readonly axes: 'keras' | 'torch'
  readonly gain: number
  /** Factor of the picture's values. */
  readonly pixels?: number
  readonly tensors: readonly Entry[]
  /** Tensors of the file that the network has no use for. */
  readonly ignored: readonly string[]
  readonly endpoints: Readonly<Record<string, Digest>>
}

const folder = new URL('../golden/originals/', import.meta.url)

/** All goldens, or those of the networks whose name fits. */
export function originals(which: RegExp = /./): readonly Original[] {
  return readdirSync(folder)
    .filter((file) => which.test(file))
    .map((file) => {
      const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
      const tensors = golden.tensors.map((line: string) => {
        const [, name, shape] = /^(.*) ([\dx]*)$/.exec(line)!
        return { name: name!, shape: shape === '' ? [] : shape!.split('x').map(Number) }
      })
      return { slow: false, ...golden, file, tensors }
    })
}

/** The network of a golden as cnnkit builds it, with no weights yet, and the dialect of the file. */
export async function builtFrom(original: Original): Promise<{ model: LayersModel; dialect: Dialect }> {
  const architecture = await architectureOf(original.network)
  const flavor = architecture.flavors.find(({ name }) => name === original.flavor)!
  const dialect = architecture.dialects.find(({ name }) => name === original.dialect)!
  const [height, width, channels] = original.input
  const options = { inputShape: [height, width, channels] as const, ...original.options }
  return { model: buildNetwork(architecture, options, { flavor, weightsFollow: true }), dialect }
}

/**
 * How far cnnkit's network is from the original at each endpoint, in the order they run: max |a - b| / max |b| over the
 * golden's places, and the relative difference of the root mean square of all values. Twice: as it is built, and fused.
 */
export async function differences(original: Original): Promise<Readonly<Record<string, number>>> {
  const { model, dialect } = await builtFrom(original)
  await assignWeights(model, formulaWeights(original), { dialects: [dialect] })
  const paths = Object.keys(original.endpoints)
  const outputs = paths.map((path) => (isLayer(model, path) ? outputOf(model.getLayer(path)) : endpoint(model, path)))
  const probe = layersModel({ inputs: model.inputs, outputs })
  const x = picture(original.input, original.pixels)
  const found: [string, number][] = []
  for (const [form, network] of [['', probe] as const, [', fused', fuse(probe)] as const]) {
    const given = network.predict(x)
    const tensors = Array.isArray(given) ? given : [given]
    for (const [i, path] of paths.entries()) {
      found.push([`${path}${form}`, difference(tensors[i]!, original.endpoints[path]!)])
    }
    dispose(tensors)
  }
  x.dispose()
  model.dispose()
  return Object.fromEntries(found)
}

/** max |a - b| / max |b| at the places of a digest, or the relative difference of the root mean squares, whichever is larger. */
export function difference(tensor: Tensor, golden: Digest): number {
  const shape = tensor.shape.slice(1)
  if (shape.join() !== golden.shape.join()) {
    throw new Error(`the shape is [${shape.join(', ')}], the original's [${golden.shape.join(', ')}]`)
  }
  const values = tensor.dataSync<'float32'>()
  const places = positions(values.length, golden.values.length)
  const largest = Math.max(...golden.values.map(Math.abs))
  const worst = Math.max(...golden.values.map((value, i) => Math.abs(value - values[places[i]!]!)))
  const rms = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  return Math.max(worst / largest, Math.abs(rms - golden.rms) / golden.rms)
}

function positions(size: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => (size <= count ? k : (Math.imul(k, 2654435761) >>> 0) % size))
}

const isLayer = (model: LayersModel, path: string): boolean => model.layers.some(({ name }) => name === path)
