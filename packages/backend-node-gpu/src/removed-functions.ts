import util from 'node:util'

/**
 * Gives `node:util` back two functions that TensorFlow.js' package for Node calls: `isNullOrUndefined`, which Node 23 removed, so that `topk`,
 * `stack`, `concat` and each other operation on a list throw; and `isArray`, which is to go too. Where Node still has them it warns of
 * them once; ours do not.
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
