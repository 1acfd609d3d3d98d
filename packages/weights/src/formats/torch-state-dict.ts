import { weightsError } from '../error.ts'
import { kindOf, settled, type TorchTensor, type UnreadTensor } from './torch-tensor.ts'

/** The tensors of a checkpoint by name, and what else it holds. */
export interface StateDict {
  readonly tensors: readonly (readonly [name: string, tensor: TorchTensor])[]
  /** As {@link WeightFile.metadata} describes. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Where training scripts put the weights of a network in a checkpoint, the plainest first. */
const places = [
  'state_dict',
  'model_state_dict',
  'model',
  'model_state',
  'net',
  'network',
  'weights',
  'params',
  'module',
]

/** What wrappers put before all names: `DataParallel` and `torch.compile`. */
const prefixes = ['module.', '_orig_mod.']

/** A checkpoint may hold a state dict in a dict in a dict, no deeper. */
const depthLimit = 4

/**
 * Finds the state dict: the checkpoint itself, the value of a usual key (`state_dict`, `model`, ...), or else the only dict
 * of tensors in it. A prefix that all names have (`module.`) is taken off.
 *
 * Errors: `NO_STATE_DICT` with what there is instead, `UNKNOWN_DTYPE`.
 */
export function stateDictOf(checkpoint: unknown, source: string): StateDict {
  const found = find(checkpoint, [])
  if (found === undefined) {
    throw weightsError(
      'NO_STATE_DICT',
      `${source} holds ${describe(checkpoint)}, no dict of tensors that could be a network's. Save it with torch.save(model.state_dict(), path).`,
    )
  }
  const tensors: [string, TorchTensor][] = []
  const skipped: string[] = []
  for (const [key, entry] of found.dict) {
    const value = settled(entry)
    if (isTensor(value)) tensors.push([String(key), value])
    else if (isUnread(value)) {
      throw weightsError(
        'UNKNOWN_DTYPE',
        `${source} has "${String(key)}" as ${value.type}, which is not read. Convert it to float32 and save it anew.`,
      )
    } else skipped.push(plainKey(key))
  }
  const prefix = commonPrefix(tensors.map(([name]) => name))
  return {
    tensors: tensors.map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    metadata: {
      stateDict: found.path.join('.'),
      ...(prefix === '' ? {} : { prefix }),
      ...(skipped.length === 0 ? {} : { skipped }),
      ...(found.path.length === 0 ? {} : { checkpoint: plainValues(checkpoint as Map<unknown, unknown>) }),
    },
  }
}

interface Found {
  readonly dict: ReadonlyMap<unknown, unknown>
  readonly path: readonly string[]
}

function find(value: unknown, path: readonly string[]): Found | undefined {
  if (!(value instanceof Map) || path.length > depthLimit) return undefined
  if (holdsTensors(value)) return { dict: value, path }
  for (const place of places) {
    const inner = find(value.get(place), [...path, place])
    if (inner !== undefined) return inner
  }
  const others = [...value].filter(([, inner]) => inner instanceof Map && holdsTensors(inner))
  const [only] = others
  return others.length === 1 && only !== undefined
    ? { dict: only[1] as Found['dict'], path: [...path, plainKey(only[0])] }
    : undefined
}

const holdsTensors = (dict: ReadonlyMap<unknown, unknown>): boolean =>
  [...dict].some(([key, value]) => typeof key === 'string' && isTensorOrUnread(settled(value)))

function commonPrefix(names: readonly string[]): string {
  let prefix = ''
  for (let again = true; again; ) {
    const next = prefixes.map((more) => prefix + more).find((longer) => names.every((name) => name.startsWith(longer)))
    again = next !== undefined && names.length > 0
    prefix = next ?? prefix
  }
  return prefix
}

/** Numbers, texts and flags. */
function plainValues(dict: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  const plain = [...dict].filter(
    ([key, value]) => typeof key === 'string' && ['number', 'string', 'boolean'].includes(typeof value),
  )
  return Object.fromEntries(plain)
}

function describe(checkpoint: unknown): string {
  if (checkpoint instanceof Map)
    return `a dict of ${[...checkpoint.keys()].slice(0, 8).map(plainKey).join(', ') || 'nothing'}`
  if (isTensor(checkpoint)) return 'a single tensor'
  if (Array.isArray(checkpoint)) return `a list of ${checkpoint.length} values`
  const { kind, name } = (checkpoint ?? {}) as { kind?: string; name?: string }
  return kind === 'opaque' ? `a whole object of the class ${name}` : `a value of type ${typeof checkpoint}`
}

const plainKey = (key: unknown): string => (typeof key === 'object' ? 'an object' : String(key))
const isTensor = (value: unknown): value is TorchTensor => kindOf(value) === 'tensor'
const isUnread = (value: unknown): value is UnreadTensor => kindOf(value) === 'unread'
const isTensorOrUnread = (value: unknown): boolean => isTensor(value) || isUnread(value)
