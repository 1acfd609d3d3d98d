import { expect, it } from 'vitest'
import { CnnkitError, isCnnkitError } from './index.ts'

it('prefixes the message with the package that throws', () => {
  const error = new CnnkitError('cam', 'UNKNOWN_LAYER', 'No layer "stage6".')
  expect(error.message).toBe('[@cnnkit/cam] No layer "stage6".')
  expect(error.code).toBe('UNKNOWN_LAYER')
})

it('recognises an error of another copy of the package by name and code', () => {
  const foreign = Object.assign(new Error('x'), { name: 'CnnkitError', code: 'ABORTED' })
  expect(isCnnkitError(foreign, 'ABORTED')).toBe(true)
  expect(isCnnkitError(foreign, 'OTHER')).toBe(false)
  expect(isCnnkitError(new Error('x'))).toBe(false)
})
