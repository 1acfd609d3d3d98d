import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './root.mjs'

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const name = process.platform === 'win32' ? 'pnpm.cmd' : 'pnpm'

/** The package manager as it is pinned: `pnpm@10.34.9`. */
export const pinned = packageManager.split('+')[0]

/**
 * The folder that holds the pinned pnpm, fetched through npm where it is not here yet: nothing but Node and npm is assumed.
 *
 * @param {string | undefined} remembered where it was found before
 */
export function pnpmFolder(remembered) {
  if (remembered && existsSync(join(remembered, name))) return remembered
  const path = execFileSync('npx', ['--yes', `--package=${pinned}`, 'node', '-p', 'process.env.PATH'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  const folder = path
    .trim()
    .split(delimiter)
    .find((entry) => existsSync(join(entry, name)))
  if (!folder) throw new Error(`npx fetched ${pinned}, but no ${name} is on its path.`)
  return folder
}
