import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { quickRow } from '../rows.ts'
import { startContender } from './contender-process.ts'

// The contender's process runs from source, as the tests do.
beforeEach(() => {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  vi.stubEnv('NODE_OPTIONS', `--import=${tsx} --conditions=@cnnkit/source`)
})
afterEach(() => vi.unstubAllEnvs())

it('tells what a contender printed when its process dies', async () => {
  const unknown = { ...quickRow.contenders[0], name: 'keras' }
  await expect(startContender(quickRow, unknown, 1)).rejects.toThrow(
    /keras of forward-mobilenet-v1-025 with threads: 1 ended with code 1\.[\s\S]*No contender "keras"/,
  )
})
