import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { assertPlatform, assertTools, type Machine } from './prerequisites.ts'

const good: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36', cpu: 'flags: sse avx avx2', env: {} }

describe('assertPlatform', () => {
  it('lets Linux on x64 with a glibc that is new enough pass', () => {
    expect(() => assertPlatform(good, '2.27')).not.toThrow()
    expect(() => assertPlatform({ ...good, glibc: '2.27' }, '2.27')).not.toThrow()
  })

  it.each([
    ['Windows', { platform: 'win32' }, /win32 on x64/],
    ['a Mac', { platform: 'darwin', arch: 'arm64' }, /darwin on arm64/],
    ['ARM', { arch: 'arm64' }, /linux on arm64/],
    ['Alpine', { glibc: undefined }, /musl/],
    ['an old Linux', { glibc: '2.17' }, /glibc 2\.17, and the library needs 2\.27/],
    ['an old processor', { cpu: 'flags: sse4_2' }, /no AVX/],
  ])('refuses %s with the reason', (_, given, reason) => {
    expect(() => assertPlatform({ ...good, ...given } as Machine, '2.27')).toThrow(reason)
  })
})

describe('assertTools', () => {
  it('names what is missing, and how to get it', () => {
    const folder = temporaryFolder()
    expect(() => assertTools({ PATH: folder })).toThrow(/g\+\+, make, python3 are missing.*apt-get install/)
    for (const name of ['c++', 'make']) {
      writeFileSync(path.join(folder, name), '')
      chmodSync(path.join(folder, name), 0o755)
    }
    expect(() => assertTools({ PATH: folder })).toThrow(/python3 is missing/)
    expect(() => assertTools({ PATH: folder, npm_config_python: path.join(folder, 'make') })).not.toThrow()
  })
})
