import { type KerasLayer, snakeCase } from './keras-config.ts'

/** What held the layers of a model in Keras 2.12 and 2.13. */
const oldContainer = '_layer_checkpoint_dependencies'

/** What holds the layers of a model. */
export const containers: ReadonlySet<string> = new Set(['layers', oldContainer])

/** The names that lead to a group: `['layers', 'conv2d_1']`. */
type Place = readonly string[]

interface Located {
  /** As the tensors' names begin: `inner/conv1`. */
  readonly name: string
  readonly layer: KerasLayer | undefined
  /** The class as the file has it: `conv2d`. */
  readonly snake: string
  /** Its place among the layers of each model that it is in; empty without a configuration. */
  readonly order: readonly number[]
}

interface Known {
  readonly config: readonly KerasLayer[]
  /** Layers' names that the file notes, by place. */
  readonly given: ReadonlyMap<string, string>
  /** Of {@link renumbered}. */
  readonly numbers: ReadonlyMap<string, string>
}

/** Which layer a group belongs to. */
export function locate(place: Place, { config, given, numbers }: Known): Located {
  const names: string[] = []
  const order: number[] = []
  let inside: readonly KerasLayer[] = config
  let layer: KerasLayer | undefined
  let snake = ''
  for (let at = 0; at < place.length; at++) {
    const step = place[at] as string
    const member = place[at + 1]
    if (!containers.has(step) || member === undefined) {
      names.push(step)
      snake = ''
      continue
    }
    at++
    const key = place.slice(0, at + 1).join('/')
    const index = membersOf(inside).get(numbers.get(key) ?? member)
    layer = index === undefined ? undefined : inside[index]
    inside = layer?.layers ?? []
    if (index !== undefined) order.push(index)
    names.push(given.get(key) ?? layer?.name ?? member)
    snake = numberOf(member)[0]
  }
  return { name: names.join('/'), layer: snake === '' ? undefined : layer, snake, order }
}

/**
 * Keras 2.12 and 2.13 counted layers with weights twice, so that they are `conv2d`, `conv2d_2`, `conv2d_4`. What they would
 * be called today, by place.
 */
export function renumbered(places: readonly Place[]): ReadonlyMap<string, string> {
  const members = new Map<string, Set<number>>()
  for (const place of places) {
    for (const [at, step] of place.entries()) {
      const member = place[at + 1]
      if (step !== oldContainer || member === undefined) continue
      const [snake, number] = numberOf(member)
      const key = [...place.slice(0, at + 1), snake].join('/')
      members.set(key, (members.get(key) ?? new Set()).add(number))
    }
  }
  const names = new Map<string, string>()
  for (const [key, numbers] of members) {
    const snake = key.slice(key.lastIndexOf('/') + 1)
    for (const [index, number] of [...numbers].sort((a, b) => a - b).entries()) {
      names.set(memberName(key, number), memberName(snake, index))
    }
  }
  return names
}

/** Of `conv2d_1`: `conv2d` and 1. */
function numberOf(member: string): [snake: string, number: number] {
  const [, snake = member, number = '0'] = /^(.*?)(?:_(\d+))?$/s.exec(member) ?? []
  return [snake, Number(number)]
}

const memberName = (snake: string, number: number): string => (number === 0 ? snake : `${snake}_${number}`)

/** Where each layer of a model is in its configuration, by its name in the file: `conv2d`, `conv2d_1`, ... in the model's order. */
function membersOf(layers: readonly KerasLayer[]): ReadonlyMap<string, number> {
  const known = memberLists.get(layers)
  if (known !== undefined) return known
  const members = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const [index, { className }] of layers.entries()) {
    const snake = snakeCase(className)
    const count = counts.get(snake) ?? 0
    counts.set(snake, count + 1)
    members.set(memberName(snake, count), index)
  }
  memberLists.set(layers, members)
  return members
}

const memberLists = new WeakMap<readonly KerasLayer[], ReadonlyMap<string, number>>()
