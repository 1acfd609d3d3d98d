import { badFile } from '../error.ts'
import type { PickleCursor } from './pickle-cursor.ts'
import type { PickleWorld } from './pickle-values.ts'

/** The state of the machine that a pickle is a program for. */
export interface PickleMachine {
  readonly cursor: PickleCursor
  readonly world: PickleWorld
  readonly source: string
  readonly stack: unknown[]
  /** How high the stack was at each mark. */
  readonly marks: number[]
  readonly memo: Map<number, unknown>
  /** Objects made so far. */
  made: number
}

/** Objects that a pickle may make. A tensor takes six. */
const objectLimit = 500_000

/** Takes what is on top of the stack. */
export function pop(machine: PickleMachine): unknown {
  need(machine, 1)
  return machine.stack.pop()
}

/** What is on top of the stack. */
export function top(machine: PickleMachine): unknown {
  need(machine, 1)
  return machine.stack[machine.stack.length - 1]
}

/** Takes all above the last mark. */
export function popMark(machine: PickleMachine): unknown[] {
  const mark = machine.marks.pop()
  if (mark === undefined) throw bad(machine, 'without a mark')
  return machine.stack.splice(mark)
}

/** Takes so many values; those below a mark are not there to be taken. */
export function popSome(machine: PickleMachine, count: number): unknown[] {
  need(machine, count)
  return machine.stack.splice(machine.stack.length - count)
}

function need({ stack, marks, source }: PickleMachine, count: number): void {
  if (stack.length - (marks.at(-1) ?? 0) < count) throw badFile(source, 'has a pickle that takes what is not there')
}

/** Puts a new object on the stack. */
export function make(machine: PickleMachine, object: unknown): void {
  if (++machine.made > objectLimit) throw bad(machine, `of more than ${objectLimit} objects`)
  machine.stack.push(object)
}

/** The error for a pickle that no Python writes: `BAD_FILE`. */
export const bad = ({ source }: PickleMachine, what: string): Error => badFile(source, `has a pickle ${what}`)
