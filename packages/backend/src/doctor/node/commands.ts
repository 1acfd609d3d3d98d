import type { Project } from './project.ts'

type Manager = Project['manager']

/** The command that adds packages. */
export function installCommand(manager: Manager, ...packages: string[]): string {
  return `${manager} ${manager === 'npm' ? 'install' : 'add'} ${packages.join(' ')}`
}

/** The command that brings copies of a package together, where the ranges allow one version. */
export function dedupeCommand(manager: Manager): string {
  return manager === 'yarn' ? 'yarn dedupe' : `${manager} dedupe`
}

/** What makes every package take one version, where their ranges would not. */
export function overrideCommand(manager: Manager, name: string, version: string): string {
  if (manager === 'npm') return `npm pkg set "overrides[${name}]=${version}" && npm install`
  if (manager === 'yarn') return `npm pkg set "resolutions[${name}]=${version}" && yarn install`
  return `put "overrides: { '${name}': ${version} }" in pnpm-workspace.yaml, then pnpm install`
}
