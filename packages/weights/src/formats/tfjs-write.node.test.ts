import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type io, memory, ones, tidy } from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { openWeights, readTfjsArtifacts, writeTfjs } from '../index.node.ts'
import { failure, noise, temporaryFolder, tiny } from '../testing/model.ts'
import { startServer } from '../testing/server.ts'

const artifacts = (fill: number, values = 4): io.ModelArtifacts => ({
  modelTopology: { class_name: 'Sequential' },
  format: 'layers-model',
  generatedBy: 'a test',
  convertedBy: null,
  userDefinedMetadata: { card: { architecture: 'tiny' } },
  weightSpecs: [{ name: 'w', shape: [values], dtype: 'float32' }],
  weightData: new Float32Array(values).fill(fill).buffer,
})
const first = async (folder: string): Promise<number | undefined> =>
  (await (await openWeights(folder)).tensors[0]?.read())?.[0]
const visible = async (folder: string) => (await readdir(folder)).sort()

describe('a model written as a folder', () => {
  it('is read back as it was', async () => {
    const folder = join(await temporaryFolder(), 'deep/model')
    const { modelArtifactsInfo } = await writeTfjs(folder, artifacts(1))
    expect(modelArtifactsInfo).toMatchObject({ modelTopologyType: 'JSON', weightDataBytes: 16 })
    expect(await visible(folder)).toEqual([
      expect.stringMatching(/^model\.json$/),
      expect.stringMatching(/^weights-[0-9a-f]{8}-1of1\.bin$/),
    ])
    const { weightData, ...rest } = await readTfjsArtifacts(folder)
    const { weightData: original, ...expected } = artifacts(1)
    expect(rest).toEqual(expected)
    expect(weightData).toEqual([original])
  })

  it('cuts the weights into shards of 4 MiB, through tensors and buffers', async () => {
    const folder = join(await temporaryFolder(), 'model')
    const bytes = noise(9 * 2 ** 20)
    const weightData = [bytes.slice(0, 5_000_000).buffer, bytes.slice(5_000_000).buffer] as ArrayBuffer[]
    const weightSpecs: io.WeightsManifestEntry[] = [{ name: 'x', shape: [9, 2 ** 18], dtype: 'int32' }]
    await writeTfjs(folder, { weightSpecs, weightData })
    const shards = (await visible(folder)).filter((name) => name.endsWith('.bin'))
    expect(shards.map((name) => name.slice(-8))).toEqual(['1of3.bin', '2of3.bin', '3of3.bin'])
    const written = Buffer.concat(await Promise.all(shards.map((name) => readFile(join(folder, name)))))
    expect(written.equals(bytes)).toBe(true)
    expect((await openWeights(folder)).metadata).toEqual({})
  })

  it('is what stock tf.loadLayersModel reads from a web server, and it gives the same numbers', async () => {
    const before = memory().numTensors
    const folder = join(await temporaryFolder(), 'model')
    const server = await startServer()
    const model = tfl.sequential({
      layers: [
        tfl.layers.dense({
          units: 5,
          inputShape: [3],
          activation: 'tanh',
          kernelInitializer: 'glorotUniform',
          name: 'stem.conv1',
        }),
        tfl.layers.batchNormalization({ name: 'stem.norm' }),
        tfl.layers.dense({ units: 2, kernelInitializer: 'glorotUniform' }),
      ],
    })
    model.setUserDefinedMetadata({ card: 'kept' })
    await model.save({ save: (model) => writeTfjs(folder, model) })
    for (const name of await readdir(folder)) server.serve(`m/${name}`, await readFile(join(folder, name)))
    const stock = await tfl.loadLayersModel(`${server.url}m/model.json`)
    const ours = await tfl.loadLayersModel({ load: () => readTfjsArtifacts(folder) })
    const run = (net: tfl.LayersModel) => tidy(() => (net.predict(ones([1, 3])) as ReturnType<typeof ones>).arraySync())
    expect(run(stock)).toEqual(run(model))
    expect(run(ours)).toEqual(run(model))
    expect(ours.getUserDefinedMetadata()).toEqual({ card: 'kept' })
    for (const net of [model, stock, ours]) net.dispose()
    await server.close()
    expect(memory().numTensors).toBe(before)
  })
})

describe('a model written over another', () => {
  it('replaces it, deletes its shards, and leaves other files alone', async () => {
    const folder = join(await temporaryFolder(), 'model')
    await mkdir(folder)
    await writeFile(join(folder, 'model.json'), JSON.stringify(tiny.json))
    await writeFile(join(folder, 'one.bin'), tiny.one)
    await writeFile(join(folder, 'two.bin'), tiny.two)
    await writeFile(join(folder, 'report.html'), 'mine')
    await writeTfjs(folder, artifacts(1))
    await writeTfjs(folder, artifacts(2))
    expect(await first(folder)).toBe(2)
    const names = await visible(folder)
    expect(names).toHaveLength(3)
    expect(names).toContain('report.html')
  })

  it('may be the same', async () => {
    const folder = join(await temporaryFolder(), 'model')
    await writeTfjs(folder, artifacts(3))
    await writeTfjs(folder, artifacts(3))
    expect(await first(folder)).toBe(3)
    expect(await visible(folder)).toHaveLength(2)
  })

  it('leaves the old one when it cannot be written', async () => {
    const folder = join(await temporaryFolder(), 'model')
    await writeTfjs(folder, artifacts(1))
    const before = await visible(folder)
    const wrong = { ...artifacts(2), weightSpecs: [{ name: 'w', shape: [5], dtype: 'float32' as const }] }
    const { code, message } = await failure(writeTfjs(folder, wrong))
    expect(code).toBe('BAD_ARTIFACTS')
    expect(message).toContain('16 bytes of weights, its specs describe 20')
    await writeFile(join(folder, 'file'), '')
    expect((await failure(writeTfjs(join(folder, 'file'), artifacts(2)))).code).toBe('WRITE_FAILED')
    expect(await first(folder)).toBe(1)
    expect((await visible(folder)).filter((name) => name !== 'file')).toEqual(before)
  })

  it('leaves nothing behind when the disk refuses', async () => {
    const parent = await temporaryFolder()
    await writeTfjs(join(parent, 'other'), artifacts(2))
    const [, shard] = await visible(join(parent, 'other'))
    await writeTfjs(join(parent, 'model'), artifacts(1))
    await mkdir(join(parent, 'model', shard as string, 'in the way'), { recursive: true })
    const before = await visible(join(parent, 'model'))
    const { code, message } = await failure(writeTfjs(join(parent, 'model'), artifacts(2)))
    expect(code).toBe('WRITE_FAILED')
    expect(message).toContain('Nothing was changed')
    expect(await first(join(parent, 'model'))).toBe(1)
    expect(await visible(join(parent, 'model'))).toEqual(before)
    await writeFile(join(parent, 'file'), '')
    expect((await failure(writeTfjs(join(parent, 'file/model'), artifacts(2)))).code).toBe('WRITE_FAILED')
    expect(await visible(parent)).toEqual(['file', 'model', 'other'])
  })

  it('sweeps up what a save that was broken off has left', async () => {
    const folder = join(await temporaryFolder(), 'model')
    await writeTfjs(folder, artifacts(1))
    const old = new Date(Date.now() - 2 * 3600_000)
    await writeFile(join(folder, 'weights-00000000-1of1.bin'), 'x')
    await utimes(join(folder, 'weights-00000000-1of1.bin'), old, old)
    await writeFile(join(folder, 'weights-11111111-1of1.bin'), 'being written by another')
    const { pid } = spawnSync(process.execPath, ['--version'])
    const gone = `.model.${hostname()
      .replaceAll(/[^A-Za-z0-9_-]/g, '_')
      .slice(0, 40)}-${pid}.00000000.saving`
    await mkdir(join(folder, '..', gone))
    await writeTfjs(folder, artifacts(2))
    const names = await visible(folder)
    expect(names).not.toContain('weights-00000000-1of1.bin')
    expect(names).toContain('weights-11111111-1of1.bin')
    expect(await visible(join(folder, '..'))).toEqual(['model'])
  })

  it('can be loaded at every moment, even after the writing process was killed', async () => {
    const folder = join(await temporaryFolder(), 'model')
    const program = join(await temporaryFolder(), 'write.mjs')
    await build({
      stdin: {
        contents: `
          import { writeTfjs } from './tfjs-write.node.ts'
          for (let i = 0; ; i++) {
            const weightData = new Float32Array(2_000_000).fill(i).buffer
            await writeTfjs(process.argv[2], { modelTopology: {}, weightSpecs: [{ name: 'w', shape: [2_000_000], dtype: 'float32' }], weightData })
          }`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@cnnkit/source'],
    })
    for (let kill = 0; kill < 5; kill++) {
      const child = spawn(process.execPath, [program, folder], { stdio: 'inherit' })
      do await new Promise((resolve) => setTimeout(resolve, 400 + 67 * kill))
      while (!existsSync(folder))
      child.kill('SIGKILL')
      await new Promise((resolve) => child.on('close', resolve))
      const values = (await (await openWeights(folder)).get('w')?.read()) as Float32Array
      expect(values.every((value) => value === values[0])).toBe(true)
    }
  })
})
