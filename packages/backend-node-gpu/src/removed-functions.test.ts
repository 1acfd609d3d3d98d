import util from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { restoreRemovedFunctions } from './removed-functions.ts'

it('gives node:util back what Node 23 removed, meaning the same', () => {
  const target = util as unknown as Record<string, unknown>
  const before = ['isNullOrUndefined', 'isArray'].map((name) => [name, target[name]] as const)
  onTestFinished(() => {
    for (const [name, value] of before) target[name] = value
  })
  for (const [name] of before) target[name] = undefined
  restoreRemovedFunctions()
  const { isNullOrUndefined, isArray } = target as Record<string, (value: unknown) => boolean>
  expect([null, undefined, 0, '', false, []].map(isNullOrUndefined!)).toEqual([true, true, false, false, false, false])
  expect([[], new Float32Array(1), 'a', undefined].map(isArray!)).toEqual([true, false, false, false])
})
