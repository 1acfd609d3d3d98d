import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { addPackage, managerOf } from './manager.ts'

function project(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  return folder
}

describe('managerOf', () => {
  it.each([
    ['npm', { 'package-lock.json': '{}' }],
    ['pnpm', { 'pnpm-lock.yaml': '' }],
    ['yarn', { 'yarn.lock': '# yarn lockfile v1' }],
    ['berry', { 'yarn.lock': '__metadata:\n  version: 8' }],
    ['bun', { 'bun.lock': '{}' }],
    ['pnpm', { 'package.json': '{"packageManager":"pnpm@10.34.9"}', 'package-lock.json': '{}' }],
    ['berry', { 'package.json': '{"packageManager":"yarn@4.1.0"}' }],
  ])('is %s by %j', (name, files) => {
    expect(managerOf(project(files as unknown as Record<string, string>))).toBe(name)
  })

  it('is that of the workspace above', () => {
    const inner = path.join(project({ 'pnpm-lock.yaml': '' }), 'packages/a')
    mkdirSync(inner, { recursive: true })
    writeFileSync(path.join(inner, 'package.json'), '{}')
    expect(managerOf(inner)).toBe('pnpm')
  })
})

it('adds nothing to a folder that is no project', async () => {
  await expect(addPackage(temporaryFolder(), 'x')).rejects.toMatchObject({ code: 'NO_PROJECT' })
})
