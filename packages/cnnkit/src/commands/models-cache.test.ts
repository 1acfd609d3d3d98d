import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { architectureOf, type WeightsRecord } from '@cnnkit/zoo'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { exitCodeOf } from '../command.ts'
import { program } from '../program.ts'

/** A safetensors file: one tensor of 400,000 bytes. */
const file = ((): Buffer => {
  const tensor = { dtype: 'F32', shape: [100_000], data_offsets: [0, 400_000] }
  const header = Buffer.from(JSON.stringify({ x: tensor }).padEnd(80))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, Buffer.alloc(400_000, 7)])
})()

let server: Server
let url: string
let ranges: (string | undefined)[]
/** Bytes that are sent before the server waits; all unless set. */
let holdAt: number
let cache: string
beforeAll(async () => {
  server = createServer((request, response) => {
    const { range } = request.headers
    ranges.push(range)
    const from = Number(range?.match(/\d+/)?.[0] ?? 0)
    if (request.url !== '/net.safetensors') return void response.writeHead(404).end()
    response.writeHead(range ? 206 : 200, {
      'content-length': file.length - from,
      ...(range && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    })
    response.write(file.subarray(from, holdAt))
    if (holdAt >= file.length) response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(async () => {
  ranges = []
  holdAt = Number.POSITIVE_INFINITY
  cache = await mkdtemp(join(tmpdir(), 'cnnkit-cache-'))
  vi.stubEnv('CNNKIT_CACHE', cache)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.removeAllListeners('SIGINT')
  await rm(cache, { recursive: true })
})

/** Puts weights on record for a model that are on the local server, for one test. */
async function onRecord(checksum: `md5:${string}` | 'none', address = `${url}net.safetensors`): Promise<void> {
  const architecture = await architectureOf('mobilenet_v1_050')
  const { records } = architecture
  const [like] = (await architectureOf('mobilenet_v1_025')).records
  const record: WeightsRecord = { ...like!, tag: 'local', sources: [{ kind: 'url', url: address, checksum }] }
  Object.assign(architecture, { records: [record] })
  onTestFinished(() => void Object.assign(architecture, { records }))
}
const right = `md5:${createHash('md5').update(file).digest('hex')}` as const

/** Runs `cnnkit models ...` in this process: what it prints, and the code it would exit with. */
async function models(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const printed = { out: '', err: '' }
  const collect = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[stream] += text
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(collect('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(collect('err'))
  try {
    await program('1.2.3').parseAsync(['models', ...args], { from: 'user' })
    return { ...printed, code: 0 }
  } catch (error) {
    return { ...printed, err: `${printed.err}${(error as Error).message}`, code: exitCodeOf(error) }
  } finally {
    vi.restoreAllMocks()
  }
}

const filesOfCache = async (): Promise<string[]> =>
  (await readdir(cache, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

describe('cnnkit models pull', () => {
  it('fetches weights, verifies them, and says where they are', async () => {
    await onRecord(right)
    const { out, err, code } = await models('pull', 'mobilenet_v1_050')
    expect(out).toMatch(/^mobilenet_v1_050 local: 400\.1 kB, verified, in .*net\.safetensors\n$/)
    expect(out).toContain(cache)
    expect(err).toContain('✔ Weights of mobilenet_v1_050: 400.1 kB fetched and kept')
    expect(code).toBe(0)
    const [pulled] = JSON.parse((await models('pull', 'mobilenet_v1_050', '--json')).out)
    expect(pulled).toMatchObject({ model: 'mobilenet_v1_050', tag: 'local', bytes: file.length, verified: true })
    expect(await readFile(pulled.location)).toEqual(file)
    expect(ranges).toHaveLength(1)
  })

  it('leaves what has arrived at Ctrl-C, and goes on from there', async () => {
    await onRecord(right)
    holdAt = 150_000
    const stopped = models('pull', 'mobilenet_v1_050')
    await vi.waitUntil(async () => (await partialSize()) === 150_000, { interval: 10, timeout: 10_000 })
    process.emit('SIGINT')
    const { err, code } = await stopped
    expect(code).toBe(130)
    expect(err).toContain('Stopping; what has arrived is kept.')
    expect(err).toContain('Call again to go on')
    holdAt = Number.POSITIVE_INFINITY
    expect((await models('pull', 'mobilenet_v1_050')).code).toBe(0)
    expect(ranges).toEqual([undefined, 'bytes=150000-'])
  })

  it('has a damaged file fetched again', async () => {
    await onRecord(right)
    const [pulled] = JSON.parse((await models('pull', 'mobilenet_v1_050', '--json')).out)
    await writeFile(pulled.location, Buffer.alloc(file.length))
    expect((await models('pull', 'mobilenet_v1_050')).out).toContain('verified')
    expect(await readFile(pulled.location)).toEqual(file)
  })

  it('says what nobody could verify', async () => {
    await onRecord('none')
    const { out, err } = await models('pull', 'mobilenet_v1_050')
    expect(out).toContain('not verified (the publisher gives no hash)')
    expect(err).toContain('net.safetensors could not be verified')
  })

  it('asks a mirror where the publisher does not answer, and says so', async () => {
    await onRecord(right, `${url}gone/net.safetensors`)
    const { out, err, code } = await models('pull', 'mobilenet_v1_050', '--mirror', url)
    expect([out, code]).toEqual([expect.stringContaining('verified'), 0])
    expect(err).toContain('gone/net.safetensors is not there (HTTP 404)')
    await models('remove', 'mobilenet_v1_050')
    const nowhere = await models('pull', 'mobilenet_v1_050', '--mirror', join(cache, 'none'))
    expect(nowhere.err).toMatch(/1\. .*HTTP 404.*\n2\. .*none\/net\.safetensors does not exist/)
    expect(nowhere.code).toBe(1)
  })

  it('knows what comes along, and refuses what is not on record', async () => {
    expect((await models('pull', 'mobilenet_v1_025')).out).toMatch(
      /mobilenet_v1_025 keras-in1k: 1\.9 MB, verified, in file:/,
    )
    const model = await models('pull', 'resnet5')
    expect([model.code, model.err]).toEqual([1, expect.stringContaining('No model "resnet5"')])
    const tag = await models('pull', 'mobilenet_v1_025', '--weights', 'imagenet')
    expect([tag.code, tag.err]).toEqual([1, expect.stringContaining('No weights "imagenet"')])
  })

  async function partialSize(): Promise<number> {
    const folder = join(cache, 'partial')
    const [name] = (await readdir(folder).catch(() => [])).filter((each) => each.endsWith('.part'))
    return name === undefined ? 0 : (await readFile(join(folder, name))).length
  }
})

describe('cnnkit models cached and remove', () => {
  it('list what is kept and where, and delete it', async () => {
    expect((await models('cached')).out).toBe(`Nothing is kept in ${cache}.\n`)
    await onRecord(right)
    await models('pull', 'mobilenet_v1_050')
    const { out } = await models('cached')
    expect(out).toMatch(/400\.1 kB {2}yes +http:\/\/127\.0\.0\.1:\d+\/net\.safetensors/)
    expect(out).toContain(`400.1 kB in ${cache}`)
    expect(JSON.parse((await models('cached', '--json')).out)).toMatchObject({
      location: cache,
      bytes: file.length,
      weights: [{ bytes: file.length, verified: true, source: `${url}net.safetensors` }],
    })
    expect((await models('remove', 'mobilenet_v1_050')).out).toBe('mobilenet_v1_050: 400.1 kB removed\n')
    expect(await filesOfCache()).toEqual([])
    expect((await models('remove', 'mobilenet_v1_050')).out).toBe('mobilenet_v1_050: nothing was kept\n')
  })
})
