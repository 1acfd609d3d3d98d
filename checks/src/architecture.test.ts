import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexer, type Tokens } from 'marked'
import { describe, expect, it } from 'vitest'
import { published, repository } from './setup/published.ts'

const rows = arrows()

describe('the table of docs/architecture.md', () => {
  it('names every package', () => {
    expect([...rows.keys()].sort()).toEqual(published.map(({ manifest }) => manifest.name).sort())
  })

  it.each(published.filter(({ manifest }) => rows.get(manifest.name)?.[0] !== 'anything'))(
    'says what $manifest.name imports',
    ({ manifest }) => {
      const inHouse = Object.keys(manifest.dependencies ?? {})
        .filter((name) => published.some((other) => other.manifest.name === name))
        .map((name) => name.replace('@cnnkit/', ''))
      expect(inHouse.sort()).toEqual(rows.get(manifest.name))
    },
  )
})

/** By package, the packages of the house that it may import. */
function arrows(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(repository, 'docs/architecture.md'), 'utf8')
  const table = lexer(text).find((token): token is Tokens.Table => token.type === 'table')!
  return new Map(
    table.rows.map(([name, imports]) => {
      const list = imports!.text === 'nothing' ? [] : imports!.text.split(', ').sort()
      return [name!.text.replaceAll('`', ''), list]
    }),
  )
}
