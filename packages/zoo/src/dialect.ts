import { inputsOf } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type KernelKind, kerasLayout, type Layout, torchKernel, type View } from './layout.ts'

/** The numbers a pattern found: `{ s: 4, b: 3 }` for `stage{s}.block{b}` on `stage4.block3`. */
export type Found = Readonly<Record<string, number>>

/**
 * A pattern of our layer paths, with numbers in braces, and the name a published file has for the layer. One with a
 * slash is of a weight (`stage{s}.conv/kernel`) and gives the file's whole name of it.
 */
export type Rule = readonly [ours: string, theirs: string | ((found: Found) => string)]

/** How a published checkpoint names what we name by path. A handful of patterns beside the builder; the first that fits a layer serves. */
export interface Dialect {
  /** Whose names they are: `keras`, `torchvision`. */
  readonly name: string
  /** The flavors whose files carry these names; all of the architecture's unless said. */
  readonly flavors?: readonly string[]
  /** How the framework keeps weights: {@link kerasLayout}, `torchLayout`, ... */
  readonly layout: Layout
  /** The rules, or `same` where the file has our own paths. */
  readonly layers: readonly Rule[] | 'same'
  /** Weights that the file holds in another shape with the same values in the same order, by our path: a classifier kept as a 1x1 convolution. */
  readonly shapes?: Readonly<Record<string, (shape: readonly number[]) => readonly number[]>>
  /** Whether the file's classifiers have a background class before the others, which is left out (TF-slim). */
  readonly background?: boolean
  /** Names in the file that the network may do without. */
  readonly extra?: RegExp
  /** Where a layer stands in files that are read by order, by our path, where that is not the order of our own layers. */
  readonly place?: (path: string) => number
}

/** One weight of a model, and what the published file calls it. */
export interface Correspondence {
  /** Our name: `stage4.block3.conv2/kernel`. */
  readonly ours: string
  /** Theirs: `conv5_block3_2_conv/kernel`; `undefined` where the dialect has no rule. */
  readonly theirs: string | undefined
  /** The shape in the file. */
  readonly shape: readonly number[]
  /** How the file's values are ours; absent where they are in the same order. */
  readonly view?: View
  /** Whether the file has one class more, the first, in the last axis. */
  readonly background: boolean
  readonly variable: LayersModel['weights'][number]
}

/** Each weight of a model beside its name and shape in a dialect: the same list reads a checkpoint and writes one. */
export function correspondences(model: LayersModel, dialect: Dialect): readonly Correspondence[] {
  return model.layers.flatMap((layer) =>
    layer.weights.map((variable): Correspondence => {
      const weight = variable.originalName.split('/').at(-1)!
      const ours = `${layer.name}/${weight}`
      const kept = keptAs(layer, weight, variable, dialect)
      const background = dialect.background === true && /(^|\.)logits$/.test(layer.name)
      const shape = background ? [...kept.shape.slice(0, -1), kept.shape.at(-1)! + 1] : kept.shape
      return {
        ours,
        theirs: publishedWeight(layer.name, weight, dialect),
        ...kept,
        shape: dialect.shapes?.[ours]?.(shape) ?? shape,
        background,
        variable,
      }
    }),
  )
}

/** The name of a layer or of a weight in a dialect; `undefined` where no rule fits. */
export function published(path: string, dialect: Dialect): string | undefined {
  if (dialect.layers === 'same') return path
  for (const [ours, theirs] of dialect.layers) {
    const found = match(ours, path)
    if (found) return typeof theirs === 'string' ? theirs : theirs(found)
  }
  return undefined
}

/** Whether a tensor of a file belongs to a classifier or says nothing of the network, so that a model without may ignore it. */
export function mayBeLeft(name: string, dialect: Dialect): boolean {
  if (dialect.layout.bookkeeping?.test(name) || dialect.extra?.test(name)) return true
  if (dialect.layers === 'same') return /^(head|aux\d*)\./.test(name)
  const heads = dialect.layers.filter(([ours]) => /^(head|aux)/.test(ours))
  return heads.some(([ours, theirs]) =>
    countedUp(ours, theirs).some((layer) => name === layer || suffixesOf(dialect).some((end) => name === layer + end)),
  )
}

/** The dialect of files that cnnkit wrote: our own paths. */
export const ownPaths: Dialect = { name: 'cnnkit', layout: kerasLayout, layers: 'same' }

function publishedWeight(path: string, weight: string, dialect: Dialect): string | undefined {
  const whole = dialect.layers === 'same' ? undefined : published(`${path}/${weight}`, dialect)
  if (whole !== undefined) return whole
  const layer = published(path, dialect)
  return layer === undefined ? undefined : layer + (dialect.layout.suffixes[weight] ?? `/${weight}`)
}

/** A weight's shape in the file, and how it is seen as ours. */
function keptAs(
  layer: LayersModel['layers'][number],
  weight: string,
  variable: Correspondence['variable'],
  dialect: Dialect,
): { readonly shape: readonly number[]; readonly view?: View } {
  const shape = variable.shape.map((side) => side ?? 1)
  if (dialect.layout.axes === 'keras' || !weight.endsWith('kernel')) return { shape }
  const kind: KernelKind = weight === 'depthwise_kernel' ? 'depthwise' : shape.length === 2 ? 'dense' : 'convolution'
  return torchKernel(kind, shape, kind === 'dense' ? flattenedGrid(layer) : undefined)
}

/** The grid `[height, width, channels]` whose flat form a dense layer takes, through what changes no place (dropout); none where it takes a vector. */
function flattenedGrid(layer: LayersModel['layers'][number]): readonly number[] | undefined {
  const [input] = inputsOf(layer)
  const before = input?.sourceLayer as typeof layer | undefined
  if (before === undefined || input!.shape.length !== 2) return undefined
  if (before.getClassName() === 'Flatten')
    return inputsOf(before)[0]!
      .shape.slice(1)
      .map((side) => side ?? 1)
  return before.getClassName() === 'Dropout' ? flattenedGrid(before) : undefined
}

function suffixesOf({ layout }: Dialect): readonly string[] {
  return Object.values(layout.suffixes)
}

/** The names that a rule gives when its numbers run from 0 to 9. */
function countedUp(ours: string, theirs: Rule[1]): readonly string[] {
  if (typeof theirs === 'string') return [theirs]
  const names = [...ours.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  let all: Found[] = [{}]
  for (const name of names) all = all.flatMap((found) => [...Array(10).keys()].map((n) => ({ ...found, [name]: n })))
  return all.map(theirs)
}

const patterns = new Map<string, RegExp>()

function match(pattern: string, path: string): Found | undefined {
  if (!pattern.includes('{')) return pattern === path ? {} : undefined
  let expression = patterns.get(pattern)
  if (!expression) {
    const source = pattern.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>\\d+)')
    expression = new RegExp(`^${source}$`)
    patterns.set(pattern, expression)
  }
  const groups = expression.exec(path)
  if (!groups) return undefined
  return Object.fromEntries(Object.entries(groups.groups ?? {}).map(([name, digits]) => [name, Number(digits)]))
}
