import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** TensorFlow.js' two packages for Node: the same code, the one linked with CUDA's library. */
export type TfjsNodePackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'

/** A package of TensorFlow.js for Node as it lies on the disk. */
export interface Located {
  readonly name: TfjsNodePackage
  /** The package's folder, absolute, links resolved. */
  readonly folder: string
  readonly version: string
}

/** The best first. */
const names: readonly TfjsNodePackage[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** The newest version of Node-API that the binding is built for; Node runs all older ones. */
export const napiVersion = 8

/** The packages that are found from here or from the folder given, the CUDA one first. */
export function locateAll(from: string = process.cwd()): Located[] {
  return names.flatMap((name) => locate(name, from) ?? [])
}

/** A package as it is resolved beside this one or, failing that, from a folder. */
export function locate(name: TfjsNodePackage, from: string): Located | undefined {
  for (const origin of [import.meta.url, pathToFileURL(path.join(from, 'index.js')).href]) {
    const found = resolved(name, origin)
    if (found !== undefined) return found
  }
  return undefined
}

/** A package as a module at the URL would resolve it. */
export function resolved(name: TfjsNodePackage, origin: string): Located | undefined {
  try {
    const manifest = createRequire(origin).resolve(`${name}/package.json`)
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    return { name, folder: path.dirname(manifest), version }
  } catch {
    return undefined
  }
}

/** Where the compiled binding of a package is looked for. */
export function bindingOf({ folder }: Located): string {
  return path.join(folder, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node')
}

/** What is missing in a package's folder before it can run; nothing where all is there. */
export function missingIn(located: Located): string | undefined {
  if (!existsSync(bindingOf(located))) return 'its binding is not compiled'
  const libraries = ['libtensorflow.so', 'libtensorflow.so.2', 'libtensorflow.2.dylib', 'tensorflow.dll']
  const there = libraries.some((name) => existsSync(path.join(located.folder, 'deps/lib', name)))
  return there ? undefined : "TensorFlow's library is not in it"
}
