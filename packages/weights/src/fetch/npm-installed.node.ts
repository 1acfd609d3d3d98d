import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readJson, sizeOf } from '../cache.node.ts'
import type { NpmSource } from '../source.ts'

/** The folder of the installed package, as seen from the working directory, if it is the very version and has the file. */
export async function installedPackage(source: NpmSource): Promise<string | undefined> {
  for (const folder of candidates(source.package)) {
    const manifest = await readJson<{ version?: string }>(join(folder, 'package.json'))
    if (manifest?.version !== source.version) continue
    if ((await sizeOf(join(folder, source.path))) !== undefined) return folder
  }
  return undefined
}

function candidates(name: string): string[] {
  const require = createRequire(join(process.cwd(), 'noop.js'))
  const folders = (require.resolve.paths(name) ?? []).map((modules) => join(modules, name))
  try {
    // Yarn's Plug'n'Play has no node_modules, but answers here.
    folders.unshift(dirname(require.resolve(`${name}/package.json`)))
  } catch {}
  return folders
}
