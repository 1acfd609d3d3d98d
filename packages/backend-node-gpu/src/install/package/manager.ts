import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { failure } from '../../error.ts'
import { run } from '../run.ts'

/** A package manager, and how it adds and removes a package without running scripts. */
interface Manager {
  readonly command: string
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** A package manager that we know. `berry` is yarn from its second version on. */
export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'berry' | 'bun'

const managers: Readonly<Record<ManagerName, Manager>> = {
  npm: {
    command: 'npm',
    add: ['install', '--ignore-scripts', '--no-audit', '--no-fund'],
    remove: ['uninstall', '--ignore-scripts'],
  },
  pnpm: { command: 'pnpm', add: ['add', '--ignore-scripts'], remove: ['remove'] },
  yarn: { command: 'yarn', add: ['add', '--ignore-scripts'], remove: ['remove', '--ignore-scripts'] },
  berry: { command: 'yarn', add: ['add', '--mode=skip-build'], remove: ['remove', '--mode=skip-build'] },
  bun: { command: 'bun', add: ['add', '--ignore-scripts'], remove: ['remove', '--ignore-scripts'] },
}

/** The lockfiles by which a manager is told. */
const lockfiles: readonly [string, ManagerName][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
]

/** Which manager a project is kept with: by `packageManager` in its manifest, else by the lockfile, in it or in a folder above; else npm. */
export function managerOf(project: string): ManagerName {
  for (let folder = path.resolve(project); ; folder = path.dirname(folder)) {
    const found = named(folder) ?? locked(folder)
    if (found !== undefined) return found
    if (folder === path.dirname(folder)) return 'npm'
  }
}

function named(folder: string): ManagerName | undefined {
  const file = path.join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  const { packageManager } = JSON.parse(readFileSync(file, 'utf8')) as { packageManager?: string }
  const match = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(packageManager ?? '')
  if (match === null) return undefined
  return match[1] === 'yarn' && Number(match[2]) > 1 ? 'berry' : (match[1] as ManagerName)
}

function locked(folder: string): ManagerName | undefined {
  const yarn = path.join(folder, 'yarn.lock')
  if (existsSync(yarn)) return readFileSync(yarn, 'utf8').includes('yarn lockfile v1') ? 'yarn' : 'berry'
  return lockfiles.find(([file]) => existsSync(path.join(folder, file)))?.[1]
}

/**
 * Adds a package to a project, its scripts not run.
 *
 * @throws `NO_PROJECT` where the folder is none, `NOT_ADDED` with the end of what the manager said
 */
export async function addPackage(project: string, specifier: string): Promise<ManagerName> {
  if (!existsSync(path.join(project, 'package.json'))) {
    throw failure(
      'NO_PROJECT',
      `${project} has no package.json. Run it in your project's folder, or make one with: npm init -y`,
    )
  }
  const name = managerOf(project)
  const { command, add } = managers[name]
  const { code, output } = await run(command, [...add, specifier], { cwd: project })
  if (code === 0) return name
  throw failure(
    'NOT_ADDED',
    `${command} ${add.join(' ')} ${specifier} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`,
  )
}

/** Takes a package that {@link addPackage} added out of a project again. */
export async function removePackage(project: string, name: string, manager: ManagerName): Promise<void> {
  const { command, remove } = managers[manager]
  const { code, output } = await run(command, [...remove, name], { cwd: project })
  if (code !== 0)
    throw failure(
      'NOT_REMOVED',
      `${command} ${remove.join(' ')} ${name} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`,
    )
}
