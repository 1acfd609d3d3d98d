import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

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

/** The packages that are found beside this one or, failing that, from the folder given; the CUDA one first. */
export function locateAll(from: string = process.cwd()): Located[] {
  return names.flatMap((name) => locate(name, from) ?? [])
}

function locate(name: TfjsNodePackage, from: string): Located | undefined {
  return resolved(name, path.dirname(fileURLToPath(import.meta.url))) ?? resolved(name, from)
}

/** A package as it is found from a folder: in its `node_modules`, or in those of a folder above. */
export function resolved(name: TfjsNodePackage, from: string): Located | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'node_modules', name, 'package.json')
    if (existsSync(manifest)) {
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
      return { name, folder: path.dirname(realpathSync(manifest)), version }
    }
    if (folder === path.dirname(folder)) return undefined
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
