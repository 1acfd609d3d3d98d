import util from 'node:util'

/**
 * Gives `node:util` back two functions that TensorFlow.js' package for Node calls and that Node has removed (since 23) or is about to:
 * without them `topk` and each operation on a list of tensors throw. Where Node still has them it warns of them once; ours do not.
 */
export function restoreRemovedFunctions(): void {
  const target = util as unknown as Record<string, unknown>
  for (const [name, meaning] of Object.entries({ isNullOrUndefined, isArray: Array.isArray })) {
    Object.defineProperty(target, name, { value: meaning, configurable: true, writable: true, enumerable: true })
  }
}

function isNullOrUndefined(value: unknown): boolean {
  return value === null || value === undefined
}
