import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'

/** What one package asks of another. */
export interface Need {
  readonly name: string
  readonly range: string
  /** Whether the program that uses the package must bring it. */
  readonly peer: boolean
  readonly optional: boolean
  /** Where it is found from there; undefined where it is not. */
  readonly folder: string | undefined
}

/** A package as it lies on the disk. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** Its real place: one that is linked from several places is one. */
  readonly folder: string
  /** The versions of Node that it says it runs on. */
  readonly node: string | undefined
  readonly needs: readonly Need[]
}

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** So that a link in a circle, or a whole disk, does not keep us. */
const most = 5000

/** All packages that can be reached from some folders, as Node would find them. What the project only needs for development counts. */
export function packagesFrom(roots: readonly string[], project: string | undefined): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>()
  const queue = [...roots]
  for (let folder = queue.shift(); folder !== undefined && found.size < most; folder = queue.shift()) {
    if (found.has(folder)) continue
    const manifest = manifestIn(folder)
    if (manifest === undefined) continue
    const needs = needsOf(manifest, folder, folder === project)
    const { name = path.basename(folder), version = '0.0.0' } = manifest
    found.set(folder, { name, version, folder, node: manifest.engines?.node, needs })
    queue.push(...needs.flatMap((need) => need.folder ?? []))
  }
  return [...found.values()]
}

/** The nearest folder above with a package.json; undefined where there is none. */
export function projectFolder(folder: string): string | undefined {
  if (existsSync(path.join(folder, 'package.json'))) return realpathSync(folder)
  const above = path.dirname(folder)
  return above === folder ? undefined : projectFolder(above)
}

function needsOf(manifest: Manifest, folder: string, root: boolean): Need[] {
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifest
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest
  const list = (names: Readonly<Record<string, string>>, peer: boolean, optional: (name: string) => boolean): Need[] =>
    Object.entries(names).map(([name, range]) => ({
      name,
      range,
      peer,
      optional: optional(name),
      folder: resolved(name, folder),
    }))
  return [
    ...list({ ...(root ? devDependencies : {}), ...dependencies }, false, (name) => name in optionalDependencies),
    ...list(optionalDependencies, false, () => true),
    ...list(peerDependencies, true, (name) => peerDependenciesMeta[name]?.optional === true),
  ]
}

/** As Node looks for a package: in `node_modules` here, and in each folder above. */
function resolved(name: string, from: string): string | undefined {
  const candidate = path.join(from, 'node_modules', name)
  if (path.basename(from) !== 'node_modules' && existsSync(path.join(candidate, 'package.json'))) {
    return realpathSync(candidate)
  }
  const above = path.dirname(from)
  return above === from ? undefined : resolved(name, above)
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}
