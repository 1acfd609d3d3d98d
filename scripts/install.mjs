import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { act, run } from './act.mjs'
import { pinned, pnpmFolder } from './pnpm.mjs'
import { root } from './root.mjs'

const stamp = join(root, 'node_modules/.cache/installed.json')

/**
 * Installs what the lockfile says, unless that is what is installed.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} an environment whose path holds pnpm and the tools of the house
 */
export async function install() {
  const fingerprint = fingerprintOfManifests()
  const before = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {}
  const installed = before.fingerprint === fingerprint
  const pnpm =
    installed && existsSync(before.pnpm)
      ? before.pnpm
      : await act(`Fetch ${pinned}`, async () => pnpmFolder(before.pnpm))
  const env = environment(pnpm)
  if (!installed)
    await act('Install packages', () => run('pnpm', ['install', '--frozen-lockfile'], { env, quiet: true }))
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, JSON.stringify({ fingerprint, pnpm }))
  return env
}

/** Changes with whatever decides what is installed: the lockfile, the manifests, and what native modules are built for. */
function fingerprintOfManifests() {
  const hash = createHash('sha256')
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules}`)
  for (const file of manifests()) {
    if (existsSync(file)) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function manifests() {
  const files = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    '.npmrc',
    'bench/package.json',
    'checks/package.json',
  ]
  const members = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(folder, name, 'package.json')),
  )
  return [...files, ...members].map((file) => join(root, file))
}

/** @param {string} pnpm folder that holds it */
function environment(pnpm) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' }
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  env[name] = [pnpm, join(root, 'node_modules/.bin'), env[name]].join(delimiter)
  if (!process.stdout.isTTY) {
    env.NO_COLOR = '1'
    delete env.FORCE_COLOR
  }
  return env
}
