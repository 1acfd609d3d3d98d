// The part of Python's pickle language that checkpoints are written in. It builds plain data and calls nothing of Python's:
// https://github.com/python/cpython/blob/v3.13.0/Lib/pickletools.py
import { badFile } from '../error.ts'
import { cursorOf, OUT_OF_BYTES } from './pickle-cursor.ts'
import { type PickleMachine, pop } from './pickle-machine.ts'
import { operations } from './pickle-operations.ts'
import type { PickleWorld } from './pickle-values.ts'

/**
 * Reads a pickle (protocols 2 to 5) from `start` on: its value, and where it ends. Dicts are `Map`s, lists and tuples
 * arrays, sets `Set`s, whole numbers beyond 2^53 `bigint`s, bytes `Uint8Array`s. Undefined where the bytes end first.
 *
 * Names that are not called, and objects that are made without calling a function (`NEWOBJ`), are notes ({@link
 * PickleOpaque}). Errors: `BAD_FILE`, and what the world throws.
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  world: PickleWorld,
  source: string,
): { readonly value: unknown; readonly end: number } | undefined {
  const cursor = cursorOf(bytes, start, source)
  const machine: PickleMachine = { cursor, world, source, stack: [], marks: [], memo: new Map(), made: 0 }
  try {
    for (let steps = 0; steps < stepLimit; steps++) {
      const code = cursor.unsigned(1)
      if (code === STOP) return { value: pop(machine), end: cursor.position() }
      const operation = operations[code]
      if (operation === undefined) throw badFile(source, `has a pickle with the unknown step 0x${code.toString(16)}`)
      operation(machine)
    }
  } catch (error) {
    if (error === OUT_OF_BYTES) return undefined
    throw error
  }
  throw badFile(source, `has a pickle of more than ${stepLimit} steps`)
}

const STOP = 0x2e
const stepLimit = 8_000_000
