import type { LayersModel } from '@tensorflow/tfjs-layers'

/** The numbers a pattern found: `{ s: 4, b: 3 }` for `stage{s}.block{b}` on `stage4.block3`. */
export type Found = Readonly<Record<string, number>>

/** A pattern of our layer paths, with numbers in braces, and the name a published file has for the layer. */
export type Rule = readonly [ours: string, theirs: string | ((found: Found) => string)]

/** How a published checkpoint names what we name by path. A handful of patterns beside the builder; the first that fits a layer serves. */
export interface Dialect {
  /** Whose names they are: `keras`, `torchvision`. */
  readonly name: string
  /** The rules, or `same` where the file has our own paths. */
  readonly layers: readonly Rule[] | 'same'
  /** Weights that the file holds in another shape with the same values in the same order, by our path: a classifier kept as a 1x1 convolution. */
  readonly shapes?: Readonly<Record<string, (ours: readonly number[]) => readonly number[]>>
}

/** One weight of a model, and what the published file calls it. */
export interface Correspondence {
  /** Our name: `stage4.block3.conv2/kernel`. */
  readonly ours: string
  /** Theirs: `conv5_block3_2_conv/kernel`; `undefined` where the dialect has no rule. */
  readonly theirs: string | undefined
  /** The shape in the file. */
  readonly shape: readonly number[]
  readonly variable: LayersModel['weights'][number]
}

/** Each weight of a model beside its name and shape in a dialect: the same list reads a checkpoint and writes one. */
export function correspondences(model: LayersModel, dialect: Dialect): readonly Correspondence[] {
  return model.layers.flatMap((layer) => {
    const theirs = published(layer.name, dialect)
    return layer.weights.map((variable) => {
      const weight = variable.originalName.split('/').at(-1)!
      const shape = variable.shape.map((side) => side ?? 1)
      const ours = `${layer.name}/${weight}`
      return {
        ours,
        theirs: theirs === undefined ? undefined : `${theirs}/${weight}`,
        shape: dialect.shapes?.[ours]?.(shape) ?? shape,
        variable,
      }
    })
  })
}

/** The name of a layer in a dialect; `undefined` where no rule fits. */
export function published(path: string, dialect: Dialect): string | undefined {
  if (dialect.layers === 'same') return path
  for (const [ours, theirs] of dialect.layers) {
    const found = match(ours, path)
    if (found) return typeof theirs === 'string' ? theirs : theirs(found)
  }
  return undefined
}

/** The dialect of files that cnnkit wrote: our own paths. */
export const ownPaths: Dialect = { name: 'cnnkit', layers: 'same' }

function match(pattern: string, path: string): Found | undefined {
  const source = pattern.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>\\d+)')
  const groups = new RegExp(`^${source}$`).exec(path)
  if (!groups) return undefined
  return Object.fromEntries(Object.entries(groups.groups ?? {}).map(([name, digits]) => [name, Number(digits)]))
}
