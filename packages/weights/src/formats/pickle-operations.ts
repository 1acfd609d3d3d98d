import { badFile } from '../error.ts'
import type { PickleCursor } from './pickle-cursor.ts'
import { bad, make, type PickleMachine, pop, popMark, popSome, top } from './pickle-machine.ts'
import { opaque, type PickleGlobal } from './pickle-values.ts'

type Operation = (machine: PickleMachine) => void

function append(machine: PickleMachine, values: readonly unknown[]): void {
  const list = top(machine)
  if (Array.isArray(list)) for (const value of values) list.push(value)
  else if (list instanceof Set) for (const value of values) list.add(value)
  else if (!isOpaque(list)) throw bad(machine, 'that adds to what is no list')
}

function setItems(machine: PickleMachine, items: readonly unknown[]): void {
  const dict = top(machine)
  if (items.length % 2 !== 0) throw bad(machine, 'with a key without a value')
  if (isOpaque(dict)) return
  if (!(dict instanceof Map)) throw bad(machine, 'that sets items of what is no dict')
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i]
    if (dict.has(key)) throw bad(machine, `with ${typeof key === 'string' ? `"${key}"` : 'a key'} twice in a dict`)
    dict.set(key, items[i + 1])
  }
}

function dictOf(machine: PickleMachine, items: readonly unknown[]): void {
  make(machine, new Map())
  setItems(machine, items)
}

function remember({ memo, source }: PickleMachine, index: number, value: unknown): void {
  if (memo.has(index)) throw badFile(source, `has a pickle that remembers two values as ${index}`)
  memo.set(index, value)
}

function recall(machine: PickleMachine, index: number): void {
  if (!machine.memo.has(index)) throw bad(machine, `that recalls ${index}, which was not remembered`)
  machine.stack.push(machine.memo.get(index))
}

function reduce(machine: PickleMachine): void {
  const [callee, args] = popSome(machine, 2)
  if (!isGlobal(callee) || !Array.isArray(args)) throw bad(machine, 'that calls what is no function')
  make(machine, machine.world.call(callee.name, args))
}

/** Python would make an object of a class here, without calling its constructor. */
function newObject(machine: PickleMachine, operands: number): void {
  const [type, args] = popSome(machine, operands)
  if (!isGlobal(type) || !Array.isArray(args)) throw bad(machine, 'that makes an object of what is no class')
  make(machine, machine.world.create(type.name, args) ?? opaque(type.name))
}

function name(machine: PickleMachine, module: unknown, member: unknown): void {
  if (typeof module !== 'string' || typeof member !== 'string') throw bad(machine, 'with a name that is no text')
  const global: PickleGlobal = { kind: 'global', name: `${module.replace(/^__builtin__$/, 'builtins')}.${member}` }
  make(machine, global)
}

const isGlobal = (value: unknown): value is PickleGlobal =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'global'
const isOpaque = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'opaque'

/** An operation that puts a plain value on the stack. */
const push =
  (value: (cursor: PickleCursor) => unknown): Operation =>
  ({ stack, cursor }) => {
    stack.push(value(cursor))
  }

/** An operation that puts a new object on the stack. */
const pushNew =
  (object: (machine: PickleMachine) => unknown): Operation =>
  (machine) =>
    make(machine, object(machine))

/** By their code, with Python's name of each. */
export const operations: Readonly<Record<number, Operation>> = {
  /* PROTO */ 128: ({ cursor, source }) => {
    const protocol = cursor.unsigned(1)
    if (protocol < 2 || protocol > 5) throw badFile(source, `has a pickle of protocol ${protocol}; known are 2 to 5`)
  },
  /* FRAME */ 149: ({ cursor }) => {
    cursor.length64()
  },
  /* MARK ( */ 40: ({ marks, stack }) => {
    marks.push(stack.length)
  },
  /* POP 0 */ 48: (machine) => {
    pop(machine)
  },
  /* POP_MARK 1 */ 49: (machine) => {
    popMark(machine)
  },
  /* DUP 2 */ 50: (machine) => {
    machine.stack.push(top(machine))
  },

  /* NONE N */ 78: push(() => null),
  /* NEWTRUE */ 136: push(() => true),
  /* NEWFALSE */ 137: push(() => false),
  /* BININT J */ 74: push((cursor) => cursor.int32()),
  /* BININT1 K */ 75: push((cursor) => cursor.unsigned(1)),
  /* BININT2 M */ 77: push((cursor) => cursor.unsigned(2)),
  /* LONG1 */ 138: push((cursor) => cursor.long(cursor.unsigned(1))),
  /* LONG4 */ 139: push((cursor) => cursor.long(cursor.unsigned(4))),
  /* BINFLOAT G */ 71: push((cursor) => cursor.float64()),
  /* SHORT_BINSTRING U */ 85: push((cursor) => cursor.text(cursor.unsigned(1))),
  /* BINSTRING T */ 84: push((cursor) => cursor.text(cursor.unsigned(4))),
  /* SHORT_BINUNICODE */ 140: push((cursor) => cursor.text(cursor.unsigned(1))),
  /* BINUNICODE X */ 88: push((cursor) => cursor.text(cursor.unsigned(4))),
  /* BINUNICODE8 */ 141: push((cursor) => cursor.text(cursor.length64())),
  /* SHORT_BINBYTES C */ 67: push((cursor) => cursor.bytes(cursor.unsigned(1))),
  /* BINBYTES B */ 66: push((cursor) => cursor.bytes(cursor.unsigned(4))),
  /* BINBYTES8 */ 142: push((cursor) => cursor.bytes(cursor.length64())),
  /* BYTEARRAY8 */ 150: push((cursor) => cursor.bytes(cursor.length64())),

  /* EMPTY_TUPLE ) */ 41: pushNew(() => []),
  /* TUPLE1 */ 133: pushNew((machine) => popSome(machine, 1)),
  /* TUPLE2 */ 134: pushNew((machine) => popSome(machine, 2)),
  /* TUPLE3 */ 135: pushNew((machine) => popSome(machine, 3)),
  /* TUPLE t */ 116: pushNew(popMark),
  /* EMPTY_LIST ] */ 93: pushNew(() => []),
  /* LIST l */ 108: pushNew(popMark),
  /* APPEND a */ 97: (machine) => append(machine, popSome(machine, 1)),
  /* APPENDS e */ 101: (machine) => append(machine, popMark(machine)),
  /* EMPTY_DICT } */ 125: pushNew(() => new Map()),
  /* DICT d */ 100: (machine) => dictOf(machine, popMark(machine)),
  /* SETITEM s */ 115: (machine) => setItems(machine, popSome(machine, 2)),
  /* SETITEMS u */ 117: (machine) => setItems(machine, popMark(machine)),
  /* EMPTY_SET */ 143: pushNew(() => new Set()),
  /* ADDITEMS */ 144: (machine) => append(machine, popMark(machine)),
  /* FROZENSET */ 145: pushNew((machine) => new Set(popMark(machine))),

  /* BINPUT q */ 113: (machine) => remember(machine, machine.cursor.unsigned(1), top(machine)),
  /* LONG_BINPUT r */ 114: (machine) => remember(machine, machine.cursor.unsigned(4), top(machine)),
  /* MEMOIZE */ 148: (machine) => remember(machine, machine.memo.size, top(machine)),
  /* BINGET h */ 104: (machine) => recall(machine, machine.cursor.unsigned(1)),
  /* LONG_BINGET j */ 106: (machine) => recall(machine, machine.cursor.unsigned(4)),

  /* GLOBAL c */ 99: (machine) => name(machine, machine.cursor.line(), machine.cursor.line()),
  /* STACK_GLOBAL */ 147: (machine) => {
    const [module, member] = popSome(machine, 2)
    name(machine, module, member)
  },
  /* REDUCE R */ 82: reduce,
  /* NEWOBJ */ 129: (machine) => newObject(machine, 2),
  /* NEWOBJ_EX */ 146: (machine) => newObject(machine, 3),
  /* BUILD b */ 98: (machine) => {
    const [state] = popSome(machine, 1)
    machine.world.build(top(machine), state)
  },
  /* BINPERSID Q */ 81: (machine) => make(machine, machine.world.persistent(pop(machine))),
}
