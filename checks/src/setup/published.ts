import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const repository: string = fileURLToPath(new URL('../../../', import.meta.url))

/** What a check reads of a package's manifest. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package that is published, as it stands in the repository. */
export interface Published {
  readonly folder: string
  readonly manifest: Manifest
  /** What `pnpm pack` calls its file. */
  readonly tarball: string
}

/** Every package that is published. */
export const published: readonly Published[] = readdirSync(join(repository, 'packages'))
  .map((name) => join(repository, 'packages', name))
  .map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    const tarball = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    return { folder, manifest, tarball }
  })
  .filter(({ manifest }) => !manifest.private)
