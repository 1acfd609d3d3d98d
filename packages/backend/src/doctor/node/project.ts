import { existsSync } from 'node:fs'
import path from 'node:path'
import { type InstalledPackage, packagesFrom, projectFolder } from './package-graph.ts'

/** A project, and what of TensorFlow.js and of this house is in it. */
export interface Project {
  /** Where its package.json is; undefined where there is none. */
  readonly folder: string | undefined
  /** Where its packages are installed: the folder above with a lock file, in a workspace, or its own. */
  readonly base: string | undefined
  /** What installs its packages. */
  readonly manager: 'npm' | 'pnpm' | 'yarn'
  /** All that can be reached. */
  readonly packages: readonly InstalledPackage[]
}

const lockFiles = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'package-lock.json': 'npm' } as const

/**
 * Looks a project over, and with it the packages that this program itself runs on.
 *
 * @param own folders in packages of the program
 */
export function projectIn(folder: string, own: readonly string[]): Project {
  const project = projectFolder(folder)
  const roots = [project, ...own.map(projectFolder)].filter((root) => root !== undefined)
  const lock = lockAbove(project ?? folder)
  return {
    folder: project,
    base: project === undefined ? undefined : (lock?.folder ?? project),
    manager: lock?.manager ?? 'npm',
    packages: packagesFrom(roots, project),
  }
}

/** Whether a package is TensorFlow.js', this house's, or one that either takes a GPU by. */
export function isOurs({ name }: { readonly name: string }): boolean {
  return name === 'cnnkit' || name === 'webgpu' || name.startsWith('@cnnkit/') || name.startsWith('@tensorflow/tfjs')
}

/** Where something lies, from where packages are installed, with nothing of what lies above; of another tree only what follows `node_modules`. */
export function placeOf(folder: string, { base }: Project): string {
  const relative = base === undefined ? undefined : path.relative(base, folder)
  if (relative === '') return '.'
  if (relative !== undefined && !relative.startsWith('..')) return relative.split(path.sep).join('/')
  const parts = folder.split(path.sep)
  const at = parts.lastIndexOf('node_modules')
  return ['…', ...(at < 0 ? parts.slice(-1) : parts.slice(at))].join('/')
}

interface Lock {
  readonly folder: string
  readonly manager: Project['manager']
}

function lockAbove(folder: string): Lock | undefined {
  const known = Object.entries(lockFiles).find(([file]) => existsSync(path.join(folder, file)))
  if (known !== undefined) return { folder, manager: known[1] }
  const above = path.dirname(folder)
  return above === folder ? undefined : lockAbove(above)
}
