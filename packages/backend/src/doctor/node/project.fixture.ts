import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach } from 'vitest'

/** A package.json, less what has no part in it. */
export interface FakeManifest {
  readonly name: string
  readonly version?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>
}

const made: string[] = []
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true })
})

/** A folder with nothing but package.json files, by their place; `.` is the project. Gone after the test. */
export async function fakeProject(
  packages: Readonly<Record<string, FakeManifest>>,
  lockFile = 'package-lock.json',
): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'cnnkit-doctor-')))
  made.push(folder)
  for (const [place, manifest] of Object.entries(packages)) {
    await mkdir(path.join(folder, place), { recursive: true })
    await writeFile(path.join(folder, place, 'package.json'), JSON.stringify(manifest))
  }
  await writeFile(path.join(folder, lockFile), '')
  return folder
}
