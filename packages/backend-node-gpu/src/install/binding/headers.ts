import { existsSync, realpathSync } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { failure } from '../../error.ts'

/** The least of Node's own `common.gypi` that a Node-API addon on Linux is compiled with. */
const commonGypi = {
  variables: { 'node_api_only%': 1 },
  target_defaults: {
    default_configuration: 'Release',
    configurations: { Release: { cflags: ['-O3'], defines: ['NDEBUG'] } },
    cflags: ['-fPIC', '-pthread'],
    ldflags: ['-pthread'],
  },
}

/**
 * A folder with Node's headers in `include/node`, for node-gyp's `--nodedir`: the one asked for, else those that came with this Node,
 * else those of the package `node-api-headers`, copied to a folder. Nothing is fetched.
 *
 * @throws `NO_HEADERS` where the folder asked for has none
 */
export async function headersFolder(asked: string | undefined, scratch: string): Promise<string> {
  if (asked !== undefined) {
    if (hasHeaders(asked)) return asked
    throw failure('NO_HEADERS', `${asked} has no include/node/node_api.h and common.gypi.`)
  }
  const configured = process.env.npm_config_nodedir
  const own = path.dirname(path.dirname(realpathSync(process.execPath)))
  const found = [own, configured].find((folder) => folder !== undefined && hasHeaders(folder))
  return found ?? (await fromPackage(scratch))
}

function hasHeaders(folder: string): boolean {
  return ['node_api.h', 'common.gypi'].every((file) => existsSync(path.join(folder, 'include/node', file)))
}

/** Lays out the headers of `node-api-headers` as node-gyp expects them. */
export async function fromPackage(folder: string): Promise<string> {
  const source = path.join(
    path.dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')),
    'include',
  )
  const target = path.join(folder, 'include/node')
  await mkdir(target, { recursive: true })
  for (const file of await readdir(source)) await copyFile(path.join(source, file), path.join(target, file))
  await writeFile(path.join(target, 'common.gypi'), JSON.stringify(commonGypi))
  await writeFile(path.join(target, 'config.gypi'), JSON.stringify({ target_defaults: {}, variables: {} }))
  return folder
}
