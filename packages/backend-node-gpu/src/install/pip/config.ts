import { existsSync, readFileSync } from 'node:fs'
import { devNull, homedir } from 'node:os'
import path from 'node:path'
import { parseIni } from './ini.ts'

/** Where pip would fetch from, and how, as far as Node can do likewise. */
export interface PipConfig {
  /** Addresses of indexes, the first asked first; none where pip is told to use no index. */
  readonly indexes: readonly string[]
  /** Folders and pages with wheels, asked before the indexes. */
  readonly findLinks: readonly string[]
  /** File with the certificates to trust in place of Node's. */
  readonly certificates: string | undefined
  readonly proxy: string | undefined
  /** Hosts whose certificates are not looked at: `host` or `host:port`. */
  readonly trustedHosts: readonly string[]
}

/** What a caller may set over pip's configuration. */
export interface PipOverrides {
  readonly indexUrl?: string
  readonly findLinks?: string
}

type Environment = Readonly<Record<string, string | undefined>>

const publicIndex = 'https://pypi.org/simple'

/**
 * pip's configuration on Linux: its files from the machine's to the virtual environment's, sections `global` and `install`, then the
 * variables `PIP_*`, each over the one before.
 */
export function pipConfig(overrides: PipOverrides = {}, env: Environment = process.env): PipConfig {
  const values = new Map<string, string>()
  for (const file of configFiles(env)) {
    if (!existsSync(file)) continue
    const sections = parseIni(readFileSync(file, 'utf8'))
    for (const name of ['global', 'install'])
      for (const [key, value] of sections.get(name) ?? []) values.set(key, value)
  }
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('PIP_') && value) values.set(name.slice(4).toLowerCase().replaceAll('_', '-'), value)
  }
  const list = (key: string): string[] => (values.get(key) ?? '').split(/\s+/).filter((item) => item !== '')
  const noIndex = /^(1|true|yes|on)$/i.test(values.get('no-index') ?? '') && overrides.indexUrl === undefined
  const index = overrides.indexUrl ?? values.get('index-url') ?? publicIndex
  const offline = !['', '0', 'false', 'no'].includes((env.CNNKIT_OFFLINE ?? '').toLowerCase())
  const links = [...(overrides.findLinks === undefined ? [] : [overrides.findLinks]), ...list('find-links')]
  return {
    indexes: noIndex || offline ? [] : [index, ...list('extra-index-url')],
    findLinks: offline ? links.filter((place) => !/^https?:/.test(place)) : links,
    certificates: values.get('cert') || env.REQUESTS_CA_BUNDLE || env.CURL_CA_BUNDLE || undefined,
    proxy: values.get('proxy') || undefined,
    trustedHosts: list('trusted-host'),
  }
}

/** The files that pip reads, each over the one before. */
function configFiles(env: Environment): string[] {
  const named = env.PIP_CONFIG_FILE
  if (named === devNull) return []
  const home = env.HOME ?? homedir()
  const machine = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':').map((folder) => path.join(folder, 'pip/pip.conf'))
  const user = [
    path.join(home, '.pip/pip.conf'),
    path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'pip/pip.conf'),
  ]
  const site = env.VIRTUAL_ENV ? [path.join(env.VIRTUAL_ENV, 'pip.conf')] : []
  return [...machine, '/etc/pip.conf', ...user, ...site, ...(named ? [named] : [])]
}
