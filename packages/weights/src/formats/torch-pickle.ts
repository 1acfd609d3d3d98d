// What the pickle of a PyTorch checkpoint may call, and what comes of it.
// https://github.com/pytorch/pytorch/blob/v2.9.1/torch/_utils.py, torch/serialization.py
import { badFile, weightsError } from '../error.ts'
import { opaque, type PickleWorld } from './pickle-values.ts'
import {
  kindOf,
  type LateTensor,
  nameOf,
  storageOf,
  type TorchStorage,
  tensorOf,
  type UnreadTensor,
} from './torch-tensor.ts'

/** What the pickle of a checkpoint is read with. It collects the storages that the pickle names, by key. */
export function torchWorld(source: string): PickleWorld & { readonly storages: ReadonlyMap<string, TorchStorage> } {
  const storages = new Map<string, TorchStorage>()
  return {
    storages,
    call(name, args) {
      const known = Object.hasOwn(calls, name) ? calls[name] : undefined
      if (known !== undefined) return known(args, source)
      if (tensorClass.test(name)) return args[0] ?? late()
      if (holders.test(name)) return opaque(name)
      if (/^torch\._utils\._rebuild_\w+$/.test(name)) return { kind: 'unread', type: name } satisfies UnreadTensor
      throw weightsError(
        'UNSAFE_PICKLE',
        `${source} calls ${name}(), which has no place in weights. Nothing was run: this reader builds tensors and plain data ` +
          'only. If you do not trust the file, delete it; if you do, save it anew with torch.save(model.state_dict(), path).',
      )
    },
    create: (name, args) => (tensorClass.test(name) ? (args[0] ?? late()) : undefined),
    build(object, state) {
      if (kindOf(object) !== 'late' || !Array.isArray(state)) return
      const [storage, offset, shape, strides] = state
      // Four facts of a tensor; or the tensor of a variable, and four facts of how it is trained.
      ;(object as LateTensor).value =
        state.length === 4 ? tensorOf({ storage, offset, shape, strides }, source) : state[0]
    },
    persistent(id) {
      if (Array.isArray(id) && id[0] === 'module') return id[1]
      const storage = storageOf(id, source)
      const before = storages.get(storage.key)
      if (before !== undefined && (before.type !== storage.type || before.elements !== storage.elements)) {
        throw badFile(source, `describes the storage "${storage.key}" in two ways`)
      }
      if (before === undefined) storages.set(storage.key, storage)
      return storage
    },
  }
}

type Call = (args: readonly unknown[], source: string) => unknown

const rebuild: Call = ([storage, offset, shape, strides], source) =>
  tensorOf({ storage, offset, shape, strides }, source)
const first: Call = ([value]) => value

/** Classes whose objects were pickled as such before PyTorch 0.4. */
const tensorClass = /^torch\.(nn\.parameter\.Parameter|autograd\.variable\.Variable|(cuda\.)?\w+Tensor)$/
const late = (): LateTensor => ({ kind: 'late', value: undefined })

/** A tensor of a class of its own, or with attributes. */
const rebuildFromType: Call = ([maker, , args], source) => {
  const name = nameOf(maker)
  const call = name.startsWith('torch._utils._rebuild_') && Object.hasOwn(calls, name) ? calls[name] : undefined
  if (call === undefined || !Array.isArray(args)) throw badFile(source, `has a tensor that is made by ${name}`)
  return call(args, source)
}

function orderedDict([pairs = []]: readonly unknown[], source: string): Map<unknown, unknown> {
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw badFile(source, 'has a dict that is not made of pairs')
  }
  const dict = new Map(pairs as [unknown, unknown][])
  if (dict.size !== pairs.length) throw badFile(source, 'has a key twice in a dict')
  return dict
}

const calls: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': orderedDict,
  'collections.defaultdict': () => new Map(),
  'collections.Counter': ([counts]) => (counts instanceof Map ? counts : new Map()),
  'torch.Size': first,
  'torch._utils._rebuild_tensor': rebuild,
  'torch._utils._rebuild_tensor_v2': rebuild,
  'torch._utils._rebuild_tensor_v3': ([storage, offset, shape, strides, , , dtype], source) =>
    tensorOf({ storage, offset, shape, strides, dtype }, source),
  'torch._utils._rebuild_parameter': first,
  'torch._utils._rebuild_parameter_with_state': first,
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
}

/** Makers of plain data that training checkpoints hold beside the weights: a note of them is kept, and nothing is made. */
const holders: RegExp = new RegExp(
  `^(${[
    String.raw`builtins\.(bytearray|bytes|complex|dict|float|frozenset|int|list|object|range|set|slice|str|tuple)`,
    String.raw`_codecs\.encode`,
    String.raw`copyreg\._reconstructor|copy_reg\._reconstructor`,
    String.raw`collections\.deque`,
    String.raw`argparse\.Namespace|types\.SimpleNamespace`,
    String.raw`datetime\.(date|datetime|time|timedelta|timezone)`,
    String.raw`decimal\.Decimal|fractions\.Fraction|uuid\.UUID`,
    String.raw`pathlib\.(_local\.)?\w*Path`,
    String.raw`numpy\.(dtype|ndarray|\w*(int|float)\d+|bool_?)`,
    String.raw`numpy\.(core|_core)\.(multiarray\.(scalar|_reconstruct)|numeric\._frombuffer)`,
    String.raw`numpy\.random\._pickle\.__\w+_ctor`,
    String.raw`torch\.(device|serialization\._get_layout)`,
  ].join('|')})$`,
)
