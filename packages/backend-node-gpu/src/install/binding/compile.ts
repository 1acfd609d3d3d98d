import { cp, mkdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { failure } from '../../error.ts'
import { napiVersion } from '../../locate.ts'
import { run } from '../run.ts'

/** Where things lie in the folder that a binding is compiled in: as in the package's own. */
export const bindingFile: string = path.join('lib', `napi-v${napiVersion}`, 'tfjs_binding.node')

/**
 * Compiles a package's two C++ files in a folder that has TensorFlow's library and headers in `deps`.
 *
 * @throws `NOT_COMPILED` with the end of what node-gyp said
 */
export async function compile(packageFolder: string, folder: string, headers: string): Promise<void> {
  for (const name of ['binding', 'binding.gyp', 'package.json']) {
    await cp(path.join(packageFolder, name), path.join(folder, name), { recursive: true })
  }
  await mkdir(path.join(folder, path.dirname(bindingFile)), { recursive: true })
  const gyp = path.join(
    path.dirname(createRequire(import.meta.url).resolve('node-gyp/package.json')),
    'bin/node-gyp.js',
  )
  const args = [
    'rebuild',
    `--nodedir=${headers}`,
    '--module_name=tfjs_binding',
    `--module_path=${path.join(folder, path.dirname(bindingFile))}`,
    `--napi_build_version=${napiVersion}`,
    '--jobs=max',
  ]
  const { code, output } = await run(process.execPath, [gyp, ...args], { cwd: folder, env: environment() })
  if (code !== 0) {
    throw failure(
      'NOT_COMPILED',
      `The binding could not be compiled. node-gyp says:\n${output.trim().split('\n').slice(-25).join('\n')}`,
    )
  }
  await rm(path.join(folder, 'build'), { recursive: true, force: true })
}

/** npm hands its own settings on, those for other builds too. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_config_(?!python$)/i.test(name))
  return Object.fromEntries(kept)
}

/**
 * Loads a compiled binding in a process of its own.
 *
 * @returns the version of TensorFlow's library
 * @throws `NOT_LOADED` with what the loader says
 */
export async function loads(folder: string): Promise<string> {
  const script = `process.stdout.write('version ' + require(${JSON.stringify(path.join(folder, bindingFile))}).TF_Version)`
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' }
  const { code, output } = await run(process.execPath, ['-e', script], { cwd: folder, env })
  const version = /version (\S+)/.exec(output)?.[1]
  if (code === 0 && version !== undefined) return version
  throw failure('NOT_LOADED', `The binding does not load:\n${output.trim().split('\n').slice(-10).join('\n')}`)
}
