import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { pipConfig } from './config.ts'
import { parseIni } from './ini.ts'

/** An environment whose home has pip's file with this text. */
function home(text: string): Record<string, string> {
  const folder = temporaryFolder()
  mkdirSync(path.join(folder, '.config/pip'), { recursive: true })
  writeFileSync(path.join(folder, '.config/pip/pip.conf'), text)
  return { HOME: folder, XDG_CONFIG_DIRS: folder }
}

describe('parseIni', () => {
  it('reads sections, both signs, comments, spellings of a key and values of several lines', () => {
    const text =
      '# pip\n[global]\nIndex_URL = https://a.test/simple\n; no\ntimeout: 60\nextra-index-url =\n    https://b.test\n    https://c.test\n[install]\nno-index = yes\n'
    const sections = parseIni(text)
    expect(Object.fromEntries(sections.get('global')!)).toEqual({
      'index-url': 'https://a.test/simple',
      timeout: '60',
      'extra-index-url': 'https://b.test\nhttps://c.test',
    })
    expect(sections.get('install')!.get('no-index')).toBe('yes')
  })
})

describe('pipConfig', () => {
  it('asks the public index where pip is not configured', () => {
    const { HOME } = home('')
    const config = pipConfig({}, { HOME, PIP_CONFIG_FILE: '/dev/null' })
    expect(config.indexes).toEqual(['https://pypi.org/simple'])
    expect(config.findLinks).toEqual([])
  })

  it('takes index, further indexes, folders, certificates, proxy and trusted hosts from the file', () => {
    const env = home(
      '[global]\nindex-url = https://a.test/simple\nextra-index-url = https://b.test\n  https://c.test\nfind-links = /wheels\ncert = /ca.pem\nproxy = http://p.test:3128\ntrusted-host = a.test',
    )
    const { indexes, ...rest } = pipConfig({}, env)
    expect(indexes).toEqual(['https://a.test/simple', 'https://b.test', 'https://c.test'])
    expect(rest).toEqual({
      findLinks: ['/wheels'],
      certificates: '/ca.pem',
      proxy: 'http://p.test:3128',
      trustedHosts: ['a.test'],
    })
  })

  it('lets [install] win over [global], the environment over both, and the caller over all', () => {
    const env = home('[install]\nindex-url = https://install.test\n[global]\nindex-url = https://global.test')
    expect(pipConfig({}, env).indexes).toEqual(['https://install.test'])
    const named = { ...env, PIP_INDEX_URL: 'https://env.test', PIP_FIND_LINKS: '/one /two' }
    expect(pipConfig({}, named).indexes).toEqual(['https://env.test'])
    expect(pipConfig({}, named).findLinks).toEqual(['/one', '/two'])
    const mine = pipConfig({ indexUrl: 'https://mine.test', findLinks: '/mine' }, named)
    expect(mine.indexes).toEqual(['https://mine.test'])
    expect(mine.findLinks).toEqual(['/mine', '/one', '/two'])
  })

  it('asks no index where pip is told so, or nothing may be fetched', () => {
    expect(pipConfig({}, { ...home(''), PIP_NO_INDEX: '1' }).indexes).toEqual([])
    const offline = pipConfig({}, { ...home(''), CNNKIT_OFFLINE: '1', PIP_FIND_LINKS: 'https://a.test /wheels' })
    expect(offline.indexes).toEqual([])
    expect(offline.findLinks).toEqual(['/wheels'])
  })
})
