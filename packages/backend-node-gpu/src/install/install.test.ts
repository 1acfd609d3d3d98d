import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { index, serve } from '../testing/index-server.ts'
import { install } from './install.ts'
import { assertTools, thisMachine } from './prerequisites.ts'
import type { Progress } from './progress.ts'

const supported = process.platform === 'linux' && process.arch === 'x64' && thisMachine().glibc !== undefined
const tools = supported && hasTools()
const version = '2.99.0'
const filename = `tensorflow_cpu-${version}-cp311-cp311-manylinux_2_27_x86_64.whl`

function hasTools(): boolean {
  try {
    assertTools(process.env)
    return true
  } catch {
    return false
  }
}

/** A project with a package that looks like tfjs-node before it has a binding. */
function projectWithPackage(): { project: string; folder: string } {
  const project = temporaryFolder()
  const folder = path.join(project, 'node_modules/@tensorflow/tfjs-node')
  mkdirSync(path.join(folder, 'binding'), { recursive: true })
  writeFileSync(path.join(project, 'package.json'), '{}')
  writeFileSync(path.join(folder, 'package.json'), '{"name":"@tensorflow/tfjs-node","version":"4.22.0"}')
  writeFileSync(path.join(folder, 'binding/binding.cc'), '#include <tensorflow/c/no_such_header.h>\n')
  const gyp = { targets: [{ target_name: '<(module_name)', sources: ['binding/binding.cc'] }] }
  writeFileSync(path.join(folder, 'binding.gyp'), JSON.stringify(gyp))
  mkdirSync(path.join(folder, 'deps'))
  writeFileSync(path.join(folder, 'deps/before'), '')
  return { project, folder }
}

const wheel = zipSync({
  'tensorflow/libtensorflow_cc.so.2': new Uint8Array(10),
  'tensorflow/libtensorflow_framework.so.2': new Uint8Array(10),
})

const recorded = (): Progress & { readonly steps: string[] } => {
  const steps: string[] = []
  return { steps, step: (text) => steps.push(text), note: (text) => steps.push(text), done: () => {} }
}

describe.skipIf(!tools)('install, where something goes wrong', () => {
  beforeEach(() => {
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null')
    for (const name of ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'PIP_NO_INDEX', 'CNNKIT_OFFLINE']) {
      vi.stubEnv(name, '')
    }
  })

  async function attempt(bytes: Uint8Array, sha256?: string) {
    const server = await serve(index('tensorflow-cpu', filename, bytes, sha256))
    onTestFinished(server.close)
    const { project, folder } = projectWithPackage()
    const [cache, progress] = [temporaryFolder(), recorded()]
    const indexUrl = `${server.url}/simple`
    const error = await install({ project, cpu: true, tensorflow: version, indexUrl, cache, progress }).catch(
      (error: unknown) => error,
    )
    // What was there before still is, and nothing else.
    expect(readdirSync(folder).sort()).toEqual(['binding', 'binding.gyp', 'deps', 'package.json'])
    expect(readdirSync(path.join(folder, 'deps'))).toEqual(['before'])
    return { error, cache, steps: progress.steps }
  }

  it('leaves all as it was where the bytes are not those that the index promises', async () => {
    const { error, cache } = await attempt(wheel, 'ab'.repeat(32))
    expect(error).toMatchObject({ code: 'WRONG_HASH' })
    expect(readdirSync(cache)).toEqual([])
  })

  it('leaves all as it was where the wheel is broken', async () => {
    const { error } = await attempt(wheel.subarray(0, 60))
    expect(error).toMatchObject({ code: 'BROKEN_WHEEL' })
  })

  it('leaves all as it was where the binding does not compile, with what the compiler says, and keeps the wheel', async () => {
    const { error, cache, steps } = await attempt(wheel)
    expect(error).toMatchObject({ code: 'NOT_COMPILED' })
    expect((error as Error).message).toContain('no_such_header.h')
    expect(existsSync(path.join(cache, filename))).toBe(true)
    expect(steps.join('\n')).toMatch(/Fetching .*\n.*index's word alone.*\nUnpacking .*\n.*\nCompiling the binding/s)
  })

  it('says where it asked where no wheel is found', async () => {
    const server = await serve((_, response) => response.writeHead(404).end())
    onTestFinished(server.close)
    const { project } = projectWithPackage()
    const indexUrl = `${server.url}/simple`
    const options = {
      project,
      cpu: true,
      tensorflow: version,
      indexUrl,
      cache: temporaryFolder(),
      progress: recorded(),
    }
    await expect(install(options)).rejects.toThrow(/No wheel of tensorflow-cpu 2\.99\.0 .* answers 404/)
  })

  it('knows which libraries of NVIDIA go with which TensorFlow, and takes no other for CUDA', async () => {
    const { project } = projectWithPackage()
    const gpu = path.join(project, 'node_modules/@tensorflow/tfjs-node-gpu')
    mkdirSync(gpu)
    writeFileSync(path.join(gpu, 'package.json'), '{"version":"4.22.0"}')
    const options = { project, tensorflow: version, cache: temporaryFolder(), progress: recorded() }
    await expect(install(options)).rejects.toMatchObject({ code: 'UNKNOWN_VERSION' })
    expect(readdirSync(gpu)).toEqual(['package.json'])
  })
})
