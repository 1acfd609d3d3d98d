import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { afterEach, describe, expect, it } from 'vitest'
import { openWeights, readTfjsArtifacts, type WeightsPackage } from './index.node.ts'
import { failure, noise, sha256, temporaryFolder } from './testing/model.ts'
import { startServer } from './testing/server.ts'

const home = process.cwd()
afterEach(() => process.chdir(home))

describe('a data package', () => {
  it('is opened where it lies, and all of its tensors read', async () => {
    const file = await openWeights(mobilenetV1025)
    expect(file.source).toBe('mobilenet_v1_025.keras-in1k')
    expect(file.tensors).toHaveLength(137)
    const values = await Promise.all(file.tensors.map((tensor) => tensor.read()))
    expect(values.reduce((sum, { length }) => sum + length, 0)).toBe(475_544)
    const variance = (await file.get('conv1_bn/moving_variance')?.read()) as Float32Array
    expect(variance.every((value) => value > 0)).toBe(true)
  })

  it('gives artifacts without a topology', async () => {
    const { modelTopology, weightSpecs, weightData } = await readTfjsArtifacts(mobilenetV1025)
    expect(modelTopology).toBeNull()
    expect(weightSpecs).toHaveLength(137)
    expect((weightData as ArrayBuffer[]).map(({ byteLength }) => byteLength)).toEqual([1_902_176])
  })

  it('can be named, and is then imported', async () => {
    const name = '@cnnkit/weights-mobilenet-v1-025'
    expect(
      (await openWeights({ kind: 'package', name, load: () => import('@cnnkit/weights-mobilenet-v1-025') })).tensors,
    ).toHaveLength(137)
    expect((await failure(openWeights({ kind: 'package', name: 'weights-that-are-not-installed' }))).message).toContain(
      'npm install weights-that-are-not-installed',
    )
    const other = { kind: 'package', name, tag: 'other', load: async () => ({ mobilenetV1025 }) } as const
    expect((await failure(openWeights(other))).message).toContain(
      'exports no weights other; it has mobilenet_v1_025.keras-in1k',
    )
  })

  it('is found from the working directory', async () => {
    const folder = await temporaryFolder()
    const bytes = noise(8)
    await mkdir(join(folder, 'node_modules/my-weights'), { recursive: true })
    process.chdir(folder)
    await writeFile(
      'node_modules/my-weights/package.json',
      '{"name": "my-weights", "type": "module", "exports": "./index.js"}',
    )
    await writeFile('node_modules/my-weights/w.bin', bytes)
    await writeFile(
      'node_modules/my-weights/index.js',
      `export const mine = { tag: 'mine', format: 'tfjs', byteLength: 8, sha256: '${sha256(bytes)}', licence: 'MIT', source: '',
        manifest: [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [2], dtype: 'float32' }] }], bytes: new URL('w.bin', import.meta.url) }`,
    )
    const file = await openWeights({ kind: 'package', name: 'my-weights' })
    expect(await file.get('w')?.read()).toEqual(new Float32Array(bytes.buffer))
  })

  it('that is not what it says is refused', async () => {
    const folder = await temporaryFolder()
    const at = async (bytes: Uint8Array): Promise<WeightsPackage> => {
      await writeFile(join(folder, 'weights.bin'), bytes)
      return { ...mobilenetV1025, bytes: pathToFileURL(join(folder, 'weights.bin')) }
    }
    expect((await failure(openWeights(await at(noise(1000))))).message).toContain('has 1000 bytes, expected 1902176')
    expect((await failure(openWeights(await at(noise(1_902_176))))).code).toBe('CHECKSUM_MISMATCH')
    const gone = { ...mobilenetV1025, bytes: pathToFileURL(join(folder, 'none.bin')) }
    expect((await failure(openWeights(gone))).message).toContain('Install the package anew')
  })

  it('is fetched where its bytes are on a server', async () => {
    const server = await startServer()
    server.serve('w.bin', noise(1000))
    const { code, message } = await failure(openWeights({ ...mobilenetV1025, bytes: new URL(`${server.url}w.bin`) }))
    expect(code).toBe('SHARD_SIZE')
    expect(message).toContain('optimizeDeps.exclude')
    await server.close()
  })
})
