import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { command } from './setup/command.ts'
import { published, repository } from './setup/published.ts'

const tarballs = inject('tarballs')
const installed = join(inject('project'), 'node_modules')
const attw = join(repository, 'checks/node_modules/.bin/attw')

describe.each(published)('$manifest.name as it is published', ({ manifest, tarball, folder }) => {
  const file = join(tarballs, tarball)
  const root = join(installed, manifest.name)
  let files: readonly string[]
  beforeAll(() => {
    files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('node_modules'))
  })

  it('carries its licence and its README', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
  })

  it('carries no tests, fixtures or goldens', () => {
    expect(files.filter((path) => /\.test(-d)?\.ts|\.fixture\.ts|golden|testing|fixtures/.test(path))).toEqual([])
  })

  it('names no folder of the machine it was built on', () => {
    const texts = files.filter((path) => /\.(m?[jt]s|map|json|md)$/.test(path))
    const places = [repository.replace(/\/$/, ''), process.env.HOME ?? repository].filter((place) => place.length > 3)
    const telling = texts.filter((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return places.some((place) => text.includes(`${place}/`))
    })
    expect(texts.length).toBeGreaterThan(2)
    expect(telling).toEqual([])
  })

  it('has every file that its exports name', () => {
    expect(targets(manifest.exports).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('asks for no version of the workspace', () => {
    const text = readFileSync(join(root, 'package.json'), 'utf8')
    expect(text).not.toMatch(/workspace:|catalog:/)
  })

  it('passes publint', async () => {
    const buffer = readFileSync(file)
    const pack = {
      tarball: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer,
    }
    const { messages, pkg } = await publint({ pack, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg!, { color: false }))).toEqual([])
  })

  it('has types that fit its modules (attw)', async () => {
    const table = await command(attw, [file, '--profile', 'esm-only', '--no-color', '--format', 'ascii'], {
      cwd: folder,
    })
    expect(table).toContain(`"${manifest.name}"`)
  })
})

function targets(exports: unknown): string[] {
  if (typeof exports === 'string') return [exports]
  return Object.values(exports as object).flatMap(targets)
}
