import { badFile } from '../error.ts'
import { type NamedTensor, type WeightFile, type WeightFormat, weightFile } from '../weight-file.ts'
import type { Hdf5File, Hdf5Object } from './hdf5/hdf5.ts'
import type { Structures } from './hdf5/structures.ts'
import { tensorOf } from './hdf5/tensor.ts'

/** The weights of a layer in the order in which Keras gives them to it. */
export interface LayerWeights {
  /** `conv1`, or `inner/conv1` for a layer in a model in the model. */
  readonly name: string
  /** `Conv2D`; undefined where the file does not say. */
  readonly className?: string | undefined
  readonly weights: readonly { readonly name: string; readonly object: Hdf5Object }[]
}

/** What a Keras file says of a layer: the names of its tensors, in Keras' order. */
export interface KerasFileLayer {
  /** As the model has it, or by class and number where the file does not say. */
  readonly name: string
  /** `Conv2D`; absent where the file does not say. */
  readonly className?: string
  /** Names of its tensors, in Keras' order. */
  readonly tensors: readonly string[]
}

/** The weight file of layers with their weights: no two of them may lie in the same bytes. */
export async function kerasFile(
  { structures }: Hdf5File,
  format: WeightFormat,
  layers: readonly LayerWeights[],
  metadata: Readonly<Record<string, unknown>>,
): Promise<WeightFile> {
  const tensors: NamedTensor[] = []
  const extents: Extent[] = []
  for (const { weights } of layers) {
    for (const { name, object } of weights) {
      const found = await tensorOf(structures, object, name)
      tensors.push(found.tensor)
      for (const [from, to] of found.extents) extents.push({ from, to, name })
    }
  }
  refuseOverlap(extents, structures)
  const withWeights = layers.filter(({ weights }) => weights.length > 0)
  const described = withWeights.map(
    ({ name, className, weights }): KerasFileLayer => ({
      name,
      ...(className === undefined ? {} : { className }),
      tensors: weights.map((weight) => weight.name),
    }),
  )
  return weightFile({ format, source: structures.source, tensors, metadata: { ...metadata, layers: described } })
}

interface Extent {
  readonly from: number
  readonly to: number
  /** Undefined for structures. */
  readonly name: string | undefined
}

/** Values of one tensor may lie neither in those of another nor in what describes them. */
function refuseOverlap(extents: readonly Extent[], { taken, source }: Structures): void {
  const structures = taken.map(([from, to]): Extent => ({ from, to, name: undefined }))
  const all = [...extents, ...structures].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)
  let last: Extent | undefined
  let furthest = 0
  for (const extent of all) {
    const isValue = extent.name !== undefined || last?.name !== undefined
    if (isValue && extent.from < furthest) {
      throw badFile(source, `has ${called(extent)} in the bytes of ${called(last)}`)
    }
    if (extent.to > furthest) {
      furthest = extent.to
      last = extent
    }
  }
}

const called = (extent: Extent | undefined): string =>
  extent?.name === undefined ? 'what describes it' : `"${extent.name}"`
