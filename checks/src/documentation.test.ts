import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { published } from './setup/published.ts'

it.each(published)('documents every entry point of $manifest.name', ({ folder, manifest }) => {
  const { entryPoints } = JSON.parse(readFileSync(join(folder, 'typedoc.json'), 'utf8')) as { entryPoints: string[] }
  expect(entryPoints.map((path) => `./${path}`)).toEqual(Object.values(manifest.exports).flatMap(source))
})

/** The source that an export stands for in Node; none for a file that is no module. */
function source(target: unknown): string[] {
  if (typeof target !== 'object' || target === null) return []
  const path = (target as Record<string, unknown>)['@cnnkit/source']
  return typeof path === 'string' ? [path] : []
}
